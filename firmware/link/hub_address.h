// SPDX-License-Identifier: EUPL-1.2
//
// Where the hub is and who this device is to it, from the configuration: what every program that
// speaks with the hub begins with.
#ifndef INLOOP_LINK_HUB_ADDRESS_H
#define INLOOP_LINK_HUB_ADDRESS_H

#include "base/config.h"
#include "link/http_client.h"

enum { HUB_BASE_BYTES = 160 };

struct hub_address {
    char base[HUB_BASE_BYTES]; // of every target: "/v1/locations/x"
    struct tls_config *tls;
    struct http_client *http;
};

// Reads hub.url, hub.ca (PEM file), device.certificate, device.key and hub.location. Keeps `loop`.
// ERR_MALFORMED: no location, or not an address. ERR_NOT_FOUND, ERR_CRYPTO: the files of this
// device. ERR_REFUSED: on a device, an address without TLS.
MUST_USE enum err hub_address_open(struct hub_address *address, const struct config *config,
                                   struct loop *loop, size_t connections_max, struct fault *fault);
void hub_address_close(struct hub_address *address); // zeroed memory allowed

#endif
