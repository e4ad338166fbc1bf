// SPDX-License-Identifier: EUPL-1.2
//
// What the files of the hall share with each other and with nobody else.
#ifndef INLOOP_CORE_HALL_PARTS_H
#define INLOOP_CORE_HALL_PARTS_H

#include "core/hall.h"

struct ticket *hall_ticket(struct hall *hall, const char *id); // NULL when unknown
struct visit *hall_visit(struct hall *hall, const char *id);
struct counter *hall_counter(struct hall *hall, const char *desk);
struct service *hall_service(struct hall *hall, char letter);
size_t hall_service_index(const struct hall *hall, char letter); // services_count when unknown
// Puts a new ticket's id into the index. ERR_FULL, ERR_DUPLICATE.
enum err hall_index_ticket(struct hall *hall, uint32_t position);
// False when the queue of this known service is full: ask before anything changes.
bool hall_queue_has_room(const struct hall *hall, char letter);
// In and out of the queue of its service.
enum err hall_queue_put(struct hall *hall, const struct ticket *ticket);
void hall_queue_take(struct hall *hall, const struct ticket *ticket);

void hall_tell_visit(struct hall_effects *effects, const struct visit *visit);
void hall_tell_ticket(struct hall_effects *effects, enum hall_effect_kind kind,
                      const struct ticket *ticket);
void hall_tell_counter(struct hall_effects *effects, const struct counter *counter);
void hall_tell_service(struct hall_effects *effects, const struct service *service);

enum err hall_visit_open(struct hall *hall, const struct hall_event *event,
                         struct hall_effects *effects);
enum err hall_second_fact(struct hall *hall, const struct hall_event *event,
                          struct hall_effects *effects);
enum err hall_visit_end(struct hall *hall, const struct hall_event *event,
                        struct hall_effects *effects);
enum err hall_counter_open(struct hall *hall, const struct hall_event *event,
                           struct hall_effects *effects);
enum err hall_counter_pause(struct hall *hall, const struct hall_event *event,
                            struct hall_effects *effects);
enum err hall_counter_close(struct hall *hall, const struct hall_event *event,
                            struct hall_effects *effects);
enum err hall_issue(struct hall *hall, const struct hall_event *event,
                    struct hall_effects *effects);
enum err hall_printed(struct hall *hall, const struct hall_event *event,
                      struct hall_effects *effects);
enum err hall_call(struct hall *hall, const struct hall_event *event, struct hall_effects *effects);
enum err hall_at_desk(struct hall *hall, const struct hall_event *event,
                      struct hall_effects *effects);
enum err hall_return(struct hall *hall, const struct hall_event *event,
                     struct hall_effects *effects);
enum err hall_resume(struct hall *hall, const struct hall_event *event,
                     struct hall_effects *effects);
enum err hall_transfer(struct hall *hall, const struct hall_event *event,
                       struct hall_effects *effects);
enum err hall_finish(struct hall *hall, const struct hall_event *event,
                     struct hall_effects *effects);
enum err hall_cancel(struct hall *hall, const struct hall_event *event,
                     struct hall_effects *effects);

#endif
