// SPDX-License-Identifier: EUPL-1.2
//
// libqrencode's modules, one byte each.
#include "drivers/qr.h"

#include <qrencode.h>
#include <stddef.h>

enum err qr_make(struct qr *qr, const char *text)
{
    *qr = (struct qr){0};
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (code == NULL || code->width > QR_MODULES_MAX) {
        QRcode_free(code); // NULL is fine
        return ERR_TOO_BIG;
    }
    qr->modules_count = (unsigned)code->width;
    for (unsigned i = 0; i < qr->modules_count * qr->modules_count; i++) {
        qr->modules[i] = code->data[i] & 1;
    }
    QRcode_free(code);
    return OK;
}
