// SPDX-License-Identifier: EUPL-1.2
//
// Pairs of topic and answer, as a printer may send them: noise leaves the status as it was.
#include "drivers/escpos.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct printer_status status = {0};
    for (size_t i = 0; i + 1 < size; i += 2) {
        struct printer_status before = status;
        enum escpos_topic topic = (enum escpos_topic)(ESCPOS_PRINTER + data[i] % 4);
        enum err err = escpos_take_status(topic, data[i + 1], &status);
        if (err != OK && memcmp(&before, &status, sizeof status) != 0) {
            abort();
        }
    }
    return 0;
}
