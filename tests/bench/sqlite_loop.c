// SPDX-License-Identifier: EUPL-1.2
//
// The floor under the hub: SQLite (WAL, synchronous=FULL) in a bare loop, one writer thread, group
// commit, no network, no TLS, no rules. What the hub's figures are compared with.
// sqlite_loop FOLDER ISSUE|NEXT CLIENTS SECONDS -> {"per_s":..,"p50_ms":..,"p99_ms":..}
#include "times.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 64, SAMPLES_MAX = 2000000 };

struct client {
    pthread_t thread;
    bool waits;
    bool is_answered;
    pthread_cond_t answered;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_work = PTHREAD_COND_INITIALIZER;
static struct client clients[CLIENTS_MAX];
static int clients_count;
static bool is_over;
static double samples_ms[SAMPLES_MAX];
static size_t samples_count;
static sqlite3 *db;
static sqlite3_stmt *put_ticket;
static sqlite3_stmt *put_event;
static sqlite3_stmt *put_counter;
static sqlite3_stmt *take_ticket;
static int64_t number;
static bool is_next;

static void run(const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
    return statement;
}

static void step(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) == SQLITE_ERROR) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        exit(1);
    }
    sqlite3_reset(statement);
}

// One decision's rows: the counter, the ticket of about 170 bytes and its event; or a call.
static void write_one(void)
{
    static const char body[] =
        "{\"number\":\"B042\",\"service\":\"parking\",\"state\":\"waiting\",\"due\":"
        "\"2026-11-24T13:52:07Z\",\"language\":\"nl\",\"needs\":[],\"level\":3,"
        "\"request\":\"taken:00000000-0000\"}";
    number++;
    if (is_next) {
        sqlite3_bind_int64(take_ticket, 1, number);
        step(take_ticket);
    } else {
        sqlite3_bind_int64(put_counter, 1, number);
        step(put_counter);
        // A key as clients send it: 36 characters in no order, each only once.
        char key[40];
        uint64_t mixed = (uint64_t)number * 0x9e3779b97f4a7c15U;
        snprintf(key, sizeof key, "%08x-%016llx-%010llx", (unsigned)(mixed >> 32),
                 (unsigned long long)(mixed ^ mixed >> 29), (unsigned long long)(mixed >> 24));
        sqlite3_bind_int64(put_ticket, 1, number);
        sqlite3_bind_text(put_ticket, 2, body, -1, SQLITE_STATIC);
        sqlite3_bind_text(put_ticket, 3, key, -1, SQLITE_TRANSIENT);
        step(put_ticket);
    }
    sqlite3_bind_text(put_event, 1, body, -1, SQLITE_STATIC);
    step(put_event);
}

static void *writer(void *ctx)
{
    (void)ctx;
    bool mine[CLIENTS_MAX];
    pthread_mutex_lock(&lock);
    while (!is_over) {
        int batch = 0;
        for (int i = 0; i < clients_count; i++) {
            mine[i] = clients[i].waits && !clients[i].is_answered;
            batch += mine[i] ? 1 : 0;
        }
        if (batch == 0) {
            pthread_cond_wait(&has_work, &lock);
            continue;
        }
        pthread_mutex_unlock(&lock);
        run("BEGIN IMMEDIATE");
        for (int i = 0; i < batch; i++) {
            write_one();
        }
        run("COMMIT");
        pthread_mutex_lock(&lock);
        for (int i = 0; i < clients_count; i++) {
            if (mine[i]) {
                clients[i].is_answered = true;
                pthread_cond_signal(&clients[i].answered);
            }
        }
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void *client_main(void *ctx)
{
    struct client *client = ctx;
    pthread_mutex_lock(&lock);
    while (!is_over) {
        double start_ms = now_ms();
        client->waits = true;
        client->is_answered = false;
        pthread_cond_signal(&has_work);
        while (!client->is_answered && !is_over) {
            pthread_cond_wait(&client->answered, &lock);
        }
        client->waits = false;
        if (client->is_answered && samples_count < SAMPLES_MAX) {
            samples_ms[samples_count++] = now_ms() - start_ms;
        }
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void open_database(const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/loop.db", folder);
    unlink(path);
    if (sqlite3_open(path, &db) != SQLITE_OK) {
        exit(1);
    }
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA locking_mode=EXCLUSIVE");
    run("CREATE TABLE counter(id INTEGER PRIMARY KEY, last INT); INSERT INTO counter VALUES(1,0);"
        "CREATE TABLE ticket(number INTEGER PRIMARY KEY, body TEXT, called INT, key TEXT UNIQUE);"
        "CREATE TABLE event(seq INTEGER PRIMARY KEY, body TEXT)");
    put_counter = prepare("UPDATE counter SET last=?1 WHERE id=1");
    put_ticket = prepare("INSERT INTO ticket(number, body, key) VALUES(?1, ?2, ?3)");
    put_event = prepare("INSERT INTO event(body) VALUES(?1)");
    take_ticket = prepare("UPDATE ticket SET called=1 WHERE number=?1");
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: %s folder issue|next clients seconds\n", argv[0]);
        return 2;
    }
    is_next = strcmp(argv[2], "next") == 0;
    clients_count = (int)strtol(argv[3], NULL, 10);
    double length_ms = strtod(argv[4], NULL) * 1e3;
    if (clients_count < 1 || clients_count > CLIENTS_MAX) {
        return 2;
    }
    open_database(argv[1]);
    pthread_t writer_thread;
    pthread_create(&writer_thread, NULL, writer, NULL);
    double start_ms = now_ms();
    for (int i = 0; i < clients_count; i++) {
        pthread_cond_init(&clients[i].answered, NULL);
        pthread_create(&clients[i].thread, NULL, client_main, &clients[i]);
    }
    struct timespec length = {.tv_sec = (time_t)(length_ms / 1e3),
                              .tv_nsec = (long)((long)length_ms % 1000 * 1000000)};
    nanosleep(&length, NULL);
    pthread_mutex_lock(&lock);
    is_over = true;
    pthread_cond_broadcast(&has_work);
    for (int i = 0; i < clients_count; i++) {
        pthread_cond_broadcast(&clients[i].answered);
    }
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < clients_count; i++) {
        pthread_join(clients[i].thread, NULL);
    }
    pthread_join(writer_thread, NULL);
    double took_ms = now_ms() - start_ms;
    qsort(samples_ms, samples_count, sizeof samples_ms[0], by_size);
    printf("{\"per_s\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
           (double)samples_count / took_ms * 1e3, samples_ms[samples_count / 2],
           samples_ms[samples_count * 99 / 100]);
    return 0;
}
