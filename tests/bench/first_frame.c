// SPDX-License-Identifier: EUPL-1.2
//
// Starts a program under the X display in DISPLAY, looks at one pixel every millisecond until it
// has the given colour, and says how long that took; then how much memory the program and its
// children share fairly, and how often they wake while nothing happens.
// first_frame X Y RRGGBB IDLE_SECONDS PROGRAM [ARGUMENTS]
//   -> {"first_frame_ms":..,"pss_kb":..,"wakeups_per_s":..}
#include "times.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GROUP_MAX = 256, PATIENCE_MS = 20000 };

static void wait_ms(long length_ms)
{
    struct timespec wait = {.tv_sec = length_ms / 1000, .tv_nsec = length_ms % 1000 * 1000000};
    nanosleep(&wait, NULL);
}

static unsigned long pixel_at(Display *display, int x, int y)
{
    XImage *image = XGetImage(display, DefaultRootWindow(display), x, y, 1, 1, AllPlanes, ZPixmap);
    if (image == NULL) {
        return 0;
    }
    unsigned long pixel = XGetPixel(image, 0, 0) & 0xffffff;
    XDestroyImage(image);
    return pixel;
}

// The process group of the started program: it and its children.
static size_t group_members(pid_t group, pid_t *members)
{
    size_t count = 0;
    DIR *folder = opendir("/proc");
    for (struct dirent *entry = readdir(folder); entry != NULL && count < GROUP_MAX;
         entry = readdir(folder)) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (pid > 0 && getpgid(pid) == group) {
            members[count++] = pid;
        }
    }
    closedir(folder);
    return count;
}

static long file_number(const char *path, const char *label)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return 0;
    }
    char line[256];
    long number = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, label, strlen(label)) == 0) {
            number = strtol(line + strlen(label), NULL, 10);
            break;
        }
    }
    fclose(file);
    return number;
}

// Voluntary context switches of every thread of the group: each is one wake-up.
static long group_switches(pid_t group)
{
    pid_t members[GROUP_MAX];
    size_t count = group_members(group, members);
    long sum = 0;
    for (size_t i = 0; i < count; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/task", (int)members[i]);
        DIR *tasks = opendir(path);
        if (tasks == NULL) {
            continue;
        }
        for (struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
            char status[400];
            snprintf(status, sizeof status, "%s/%.300s/status", path, task->d_name);
            if (task->d_name[0] != '.') {
                sum += file_number(status, "voluntary_ctxt_switches:");
            }
        }
        closedir(tasks);
    }
    return sum;
}

static long group_pss_kb(pid_t group)
{
    pid_t members[GROUP_MAX];
    size_t count = group_members(group, members);
    long sum = 0;
    for (size_t i = 0; i < count; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)members[i]);
        sum += file_number(path, "Pss:");
    }
    return sum;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: %s x y rrggbb idle-seconds program...\n", argv[0]);
        return 2;
    }
    Display *display = XOpenDisplay(NULL);
    if (display == NULL) {
        fprintf(stderr, "no display\n");
        return 1;
    }
    int x = (int)strtol(argv[1], NULL, 10);
    int y = (int)strtol(argv[2], NULL, 10);
    unsigned long wanted = strtoul(argv[3], NULL, 16);
    long idle_s = strtol(argv[4], NULL, 10);
    double start_ms = now_ms();
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        execvp(argv[5], argv + 5);
        _exit(127);
    }
    setpgid(child, child);
    double took_ms = 0;
    while (pixel_at(display, x, y) != wanted && took_ms < PATIENCE_MS) {
        wait_ms(1);
        took_ms = now_ms() - start_ms;
    }
    bool is_seen = took_ms < PATIENCE_MS;
    wait_ms(2000); // let the start-up settle before idling is judged
    long before = group_switches(child);
    wait_ms(idle_s * 1000);
    long wakeups = group_switches(child) - before;
    long pss_kb = group_pss_kb(child);
    kill(-child, SIGTERM);
    waitpid(child, NULL, 0);
    printf("{\"first_frame_ms\":%.1f,\"pss_kb\":%ld,\"wakeups_per_s\":%.2f}\n", took_ms, pss_kb,
           idle_s > 0 ? (double)wakeups / (double)idle_s : 0.0);
    return is_seen ? 0 : 1;
}
