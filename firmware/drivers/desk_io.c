// SPDX-License-Identifier: EUPL-1.2
//
// Three keys of the configuration, three stand-ins.
#include "drivers/desk_io.h"

#include "base/clock.h"
#include "base/log.h"
#include "drivers/desk_card.h"
#include "drivers/desk_printer.h"
#include "drivers/desk_scanner.h"

struct id_reader *desk_io_reader(const struct config *config)
{
    static struct desk_scanner scanner;
    const char *path = config_get(config, "scanner.socket", NULL);
    bool is_usable = path != NULL && desk_scanner_init(&scanner, path, clock_system()) == OK;
    return is_usable ? &scanner.port : NULL;
}

struct printer *desk_io_printer(const struct config *config)
{
    static struct desk_printer printer;
    const char *folder = config_get(config, "printer.spool", NULL);
    bool is_usable = folder != NULL && desk_printer_init(&printer, folder) == OK;
    return is_usable ? &printer.port : NULL;
}

struct card_reader *desk_io_card(const struct config *config)
{
    static struct desk_card card;
    const char *address = config_get(config, "card.desk", NULL);
    if (address == NULL) {
        return NULL;
    }
    if (desk_card_init(&card, address, clock_system()) != OK) {
        log_warn("drivers", "card.desk: a path, or 127.0.0.1 and a port");
        return NULL;
    }
    return &card.port;
}
