// SPDX-License-Identifier: EUPL-1.2
//
// After the readers' descriptors (github.com/LudovicRousseau/CCID) and the makers' manuals; nothing
// here was tried on hardware yet.
#include "drivers/card_models.h"

enum { ANY_RELEASE = 0xFFFF };

// ACS, "Reference Manual ACR1252U" section 6: one bit each for red and green; the buzzer in units
// of 10 ms.
static const struct card_lights acr1252 = {
    .signals = {[CARD_SIGNAL_IDLE] = {{0xE0, 0x00, 0x00, 0x29, 0x01, 0x00}, 6},
                [CARD_SIGNAL_LAY] = {{0xE0, 0x00, 0x00, 0x29, 0x01, 0x02}, 6},
                [CARD_SIGNAL_READING] = {{0xE0, 0x00, 0x00, 0x29, 0x01, 0x03}, 6},
                [CARD_SIGNAL_TAKE] = {{0xE0, 0x00, 0x00, 0x28, 0x01, 0x0A}, 6}},
};

// ACS, "API ACR122U" sections 6.2 and 6.7: no beep of its own at every card; final state of red and
// green with their masks, and one beep of 100 ms at the end.
static const struct card_lights acr122 = {
    .hello = {{0xFF, 0x00, 0x52, 0x00, 0x00}, 5},
    .signals = {[CARD_SIGNAL_IDLE] = {{0xFF, 0x00, 0x40, 0x0C, 0x04, 0, 0, 0, 0}, 9},
                [CARD_SIGNAL_LAY] = {{0xFF, 0x00, 0x40, 0x0E, 0x04, 0, 0, 0, 0}, 9},
                [CARD_SIGNAL_READING] = {{0xFF, 0x00, 0x40, 0x0F, 0x04, 0, 0, 0, 0}, 9},
                [CARD_SIGNAL_TAKE] = {{0xFF, 0x00, 0x40, 0x0E, 0x04, 1, 0, 1, 1}, 9}},
};

static const struct card_model models[] = {
    // Interface 1 is the slot of a security module inside.
    {0x072F, 0x223B, ANY_RELEASE, 0, 0, true, false, 1, &acr1252},
    // Takes a second for its first status and forgets notices while it is polled.
    {0x072F, 0x2200, ANY_RELEASE, 0, 0, true, true, 1, &acr122},
    {0x076B, 0x5022, ANY_RELEASE, 0, 0, true, false, 1, NULL},
    // Interface 1 is the slot for contact cards.
    {0x076B, 0x5422, ANY_RELEASE, 0, 0, true, false, 1, NULL},
    // Four times the time others take, as in libccid.
    {0x04E6, 0x5790, ANY_RELEASE, 0, 0, true, false, 4, NULL},
    // Slots 1 to 5 are contact and security modules.
    {0x09D8, 0x0427, ANY_RELEASE, 0, 0, true, false, 1, NULL},
    {0x09D8, 0x0428, ANY_RELEASE, 0, 0, true, false, 1, NULL},
};

const struct card_model *card_models_find(const struct usb_device *device)
{
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        if (models[i].vendor == device->vendor && models[i].product == device->product &&
            device->release <= models[i].release_max) {
            return &models[i];
        }
    }
    return NULL;
}
