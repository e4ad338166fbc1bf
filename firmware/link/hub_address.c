// SPDX-License-Identifier: EUPL-1.2
//
// The address and the certificates of a device, read and held together.
#include "link/hub_address.h"

#include "base/text.h"
#include "link/api.h"

#include <string.h>

static enum err read_base(struct hub_address *address, const struct config *config,
                          struct fault *fault);
static enum err open_http(struct hub_address *address, const struct config *config,
                          struct http_client_options *options, struct fault *fault);
static enum err read_tls(struct hub_address *address, const struct config *config,
                         struct fault *fault);

enum err hub_address_open(struct hub_address *address, const struct config *config,
                          struct loop *loop, size_t connections_max, struct fault *fault)
{
    *address = (struct hub_address){0};
    struct http_client_options options = {.loop = loop, .connections_max = connections_max};
    enum err err = read_base(address, config, fault);
    if (err == OK) {
        err = open_http(address, config, &options, fault);
    }
    if (err != OK) {
        hub_address_close(address);
    }
    return err;
}

void hub_address_close(struct hub_address *address)
{
    http_client_close(address->http);
    tls_config_free(address->tls);
    *address = (struct hub_address){0};
}

static enum err read_base(struct hub_address *address, const struct config *config,
                          struct fault *fault)
{
    const char *location = config_get(config, "hub.location", "");
    char encoded[3 * LOCATION_ID_BYTES];
    if (location[0] == '\0' || strlen(location) >= LOCATION_ID_BYTES ||
        http_url_encode(location, encoded, sizeof encoded) != OK) {
        return fault_set(fault, ERR_MALFORMED, "hub.location: is missing or too long");
    }
    struct text base;
    text_init(&base, address->base, sizeof address->base);
    text_format(&base, "/v1/locations/%s", encoded);
    CHECK(!base.is_cut);
    return OK;
}

static enum err open_http(struct hub_address *address, const struct config *config,
                          struct http_client_options *options, struct fault *fault)
{
    const char *url = config_get(config, "hub.url", "");
    bool is_plain = text_starts_with(url, "http://");
#ifndef INLOOP_DESK
    if (is_plain) {
        return fault_set(fault, ERR_REFUSED, "hub.url: must be https");
    }
#endif
    enum err err = is_plain ? OK : read_tls(address, config, fault);
    if (err != OK) {
        return err;
    }
    options->origin = url;
    options->tls = address->tls;
    err = http_client_open(&address->http, options, fault);
    if (err != OK) {
        (void)fault_prefix(fault, "hub.url"); // the code is `err`
    }
    return err;
}

static enum err read_tls(struct hub_address *address, const struct config *config,
                         struct fault *fault)
{
    struct tls_options tls = {
        .ca_file = config_get(config, "hub.ca", NULL),
        .certificate_file = config_get(config, "device.certificate", NULL),
        .key_file = config_get(config, "device.key", NULL),
    };
    // Without an authority the hub would not be checked at all.
    if (tls.ca_file == NULL || tls.certificate_file == NULL || tls.key_file == NULL) {
        return fault_set(fault, ERR_NOT_FOUND,
                         "hub.ca, device.certificate and device.key are needed");
    }
    return tls_config_new(&address->tls, &tls, fault);
}
