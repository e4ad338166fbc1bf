// SPDX-License-Identifier: EUPL-1.2
//
// The last code is kept for as long as it must be compared and no longer.
#include "drivers/code_gate.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

bool code_gate_pass(struct code_gate *gate, int64_t now_ms, char *code_private, size_t *len)
{
    (void)code_gate_forget(gate, now_ms); // only what is left is compared
    if (*len > 0 && code_private[*len - 1] == '\n') {
        *len -= 1;
        *len -= *len > 0 && code_private[*len - 1] == '\r' ? 1 : 0;
    } else if (*len > 0 && code_private[*len - 1] == '\r') {
        *len -= 1;
    }
    if (*len == 0) {
        return false; // a line ending alone is nothing that somebody held up
    }
    bool fits = *len < ID_READER_CODE_BYTES && memchr(code_private, '\0', *len) == NULL;
    code_private[fits ? *len : 0] = '\0';
    if (!fits || !text_is_printable(code_private)) {
        code_private[0] = '\0';
        *len = 0;
        return true;
    }
    if (text_equal(code_private, gate->last_private)) {
        return false;
    }
    memcpy(gate->last_private, code_private, *len + 1);
    gate->last_ms = now_ms;
    return true;
}

int64_t code_gate_forget(struct code_gate *gate, int64_t now_ms)
{
    if (gate->last_private[0] == '\0') {
        return 0;
    }
    int64_t left_ms = gate->last_ms + CODE_GATE_SAME_MS - now_ms;
    if (left_ms <= 0) {
        code_gate_wipe(gate);
    }
    return left_ms > 0 ? left_ms : 0;
}

void code_gate_wipe(struct code_gate *gate)
{
    wipe(gate, sizeof *gate);
}
