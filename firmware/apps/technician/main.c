// SPDX-License-Identifier: EUPL-1.2
//
// The technician's tool: one table of commands.
#include "apps/technician/command.h"
#include "base/text.h"

#include <stdio.h>

// Of everything that asks the hub: the folder that enrolling made.
#define PROFILE "[--profile FOLDER] [--json]"

static const struct command commands[] = {
    {"enrol", enrol_command,
     "--hub-url URL --device ID --code CODE --fingerprint HEX --out FOLDER"},
    {"screen", screen_command, "--config FILE [--trouble]"},
    {"agent", agent_command, "--config FILE"},
    {"bundle", bundle_command,
     "make --key FILE --version V --board B --minimum V --town T --out FILE [--made DAY] uki=FILE\n"
     "       inloop-technician bundle show FILE --keys FILE\n"
     "       inloop-technician bundle key FILE\n"
     "       inloop-technician bundle add FILE " PROFILE "\n"
     "       inloop-technician bundle list " PROFILE},
    {"devices", devices_command, PROFILE},
    {"code", code_command, "DEVICE --role ROLE [--desk N] " PROFILE},
    {"service-code", service_code_command, "DEVICE " PROFILE},
    {"revoke", revoke_command, "DEVICE [--yes] " PROFILE},
    {"log", log_command, "DEVICE [--last] [--wait SECONDS] " PROFILE},
    {"staff", staff_command, "--id ID --name NAME " PROFILE},
    {"rollout", rollout_command,
     "start BUNDLE --ring one|tenth|all [--device ID] [--from HH:MM --to HH:MM] " PROFILE "\n"
     "       inloop-technician rollout list " PROFILE "\n"
     "       inloop-technician rollout stop BUNDLE|NAME " PROFILE},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        const struct command *command = &commands[i];
        if (!text_equal(argv[1], command->name)) {
            continue;
        }
        int code = command->run(argc - 2, argv + 2);
        if (code == COMMAND_USAGE) {
            (void)fprintf(stderr, "usage: inloop-technician %s %s\n", command->name,
                          command->usage);
        }
        return code;
    }
    (void)fputs("usage:\n", stderr);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        (void)fprintf(stderr, "  inloop-technician %s %s\n", commands[i].name, commands[i].usage);
    }
    return COMMAND_USAGE;
}
