// SPDX-License-Identifier: EUPL-1.2
//
// A one-time code against a key, a certificate and a place in the hub's registry. Used by the
// command line and by the technician's screen.
#ifndef INLOOP_APPS_TECHNICIAN_ENROL_H
#define INLOOP_APPS_TECHNICIAN_ENROL_H

#include "base/err.h"

#include <stdbool.h>

enum { ENROL_WORD_BYTES = 64, ENROL_URL_BYTES = 256 };

// Borrowed until enrol_run returns.
struct enrol_request {
    const char *url;         // of the hub's enrolment port: "https://host:port"
    const char *fingerprint; // of the hub's authority, 64 hex digits
    const char *device;      // its name: "kiosk-1"
    const char *code;
    const char *folder; // /data/device; made when it is not there
};

// What the hub said this device is. A hub that does not say a thing leaves the empty string.
struct enrol_result {
    char role[ENROL_WORD_BYTES]; // "kiosk"
    char location[ENROL_WORD_BYTES];
    char town[ENROL_WORD_BYTES];
    char hub_url[ENROL_URL_BYTES]; // where it works from now on
    bool has_service_key;
};

// Writes into `folder`: ca.pem, device.key, device.conf (id, role, location, hub.location, town,
// hub.url, hub.ca, device.certificate, device.key), service.pem when the hub gave one, and last
// device.pem: a folder with a device.pem is whole. Waits for the network, ten seconds an answer at
// most: not for a screen's own thread.
// ERR_CRYPTO: not the hub that the code was made for; the code was not sent. ERR_REFUSED: the hub
// says no to the code. ERR_UNAVAILABLE, ERR_TIMEOUT, ERR_UNKNOWN: no answer. ERR_MALFORMED: an
// answer we do not read. ERR_IO: the folder cannot be written.
MUST_USE enum err enrol_run(const struct enrol_request *request, struct enrol_result *result,
                            struct fault *fault);

// "KE1:<device>:<code>:<fingerprint>:<url>" as the hub shows it. Cuts `text` (terminated) in place;
// `request` borrows it. `folder` stays as it is. ERR_MALFORMED: not such a code.
MUST_USE enum err enrol_code_read(char *text, struct enrol_request *request);

#endif
