// SPDX-License-Identifier: EUPL-1.2
//
// Each file is two images and the steps between them: `kept` is what the platter holds, `now` is
// what programs read. A sync makes them equal. Names work alike: they are sure only once the folder
// was synced, which SQLite's own layer does when it syncs a new journal or log.
#include "tests/fakes/crash_vfs.h"

#include "base/err.h"
#include "base/text.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum {
    SECTOR_BYTES = 512,
    NAMES_MAX = 8,
    INODES_MAX = 64,
    REGIONS_MAX = 32,
    NAME_BYTES = 256,
};

// Of one loss: a drive with luck, one without, or anything between.
enum mood { MOOD_KEEPS, MOOD_LOSES, MOOD_MIXED, MOODS_COUNT };

struct image {
    uint8_t *bytes;
    size_t len;
    size_t size;
};

struct step {
    bool is_cut; // the size becomes `at`; else a write
    size_t at;
    struct image data;
};

struct inode {
    bool is_used;
    struct image now;
    struct image kept;
    struct step *steps; // since the last sync
    size_t steps_count;
    size_t steps_size;
};

struct name {
    char words[NAME_BYTES];
    struct inode *now;
    struct inode *kept;
    void *regions[REGIONS_MAX];
};

struct handle {
    sqlite3_file base;
    struct inode *inode;
    struct name *name; // NULL: a file without a name
    struct handle *next;
    int lock;
    unsigned shared;
    unsigned exclusive;
    bool syncs_folder;
};

static struct {
    struct name names[NAMES_MAX];
    struct inode inodes[INODES_MAX];
    struct handle *handles;
    uint64_t chance;
    unsigned steps_left; // 0: no failure is planned
    bool is_off;
    bool fails_sync;
    bool lies;
    struct crash_count count;
} disk;

static sqlite3_vfs *machine; // whose disk was the default before

static void image_put(struct image *image, size_t at, const void *bytes, size_t len);
static void image_cut(struct image *image, size_t len);
static void image_free(struct image *image);
static struct step *step_new(struct inode *inode);
static void steps_free(struct inode *inode);
static bool goes_off(void);
static void lose_steps(struct inode *inode, enum mood mood);
static void lose_write(struct inode *inode, const struct step *step, enum mood mood);
static struct inode *inode_new(void);
static void free_unnamed(void);
static struct name *find_name(const char *words);
static void sync_folder(void);
static void forget_regions(struct name *name);

static int file_close(sqlite3_file *file);
static int file_read(sqlite3_file *file, void *out, int len, sqlite3_int64 at);
static int file_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at);
static int file_truncate(sqlite3_file *file, sqlite3_int64 len);
static int file_sync(sqlite3_file *file, int flags);
static int file_size(sqlite3_file *file, sqlite3_int64 *len);
static int file_lock(sqlite3_file *file, int lock);
static int file_unlock(sqlite3_file *file, int lock);
static int file_reserved(sqlite3_file *file, int *is_reserved);
static int file_control(sqlite3_file *file, int what, void *value);
static int file_sector(sqlite3_file *file);
static int file_character(sqlite3_file *file);
static int shm_map(sqlite3_file *file, int region, int len, int extends, void volatile **memory);
static int shm_lock(sqlite3_file *file, int first, int count, int flags);
static void shm_barrier(sqlite3_file *file);
static int shm_unmap(sqlite3_file *file, int deletes);
static int disk_open(sqlite3_vfs *vfs, const char *words, sqlite3_file *file, int flags,
                     int *out_flags);
static int disk_delete(sqlite3_vfs *vfs, const char *words, int syncs);
static int disk_access(sqlite3_vfs *vfs, const char *words, int flags, int *result);
static int disk_full_name(sqlite3_vfs *vfs, const char *words, int out_bytes, char *out);
static int disk_randomness(sqlite3_vfs *vfs, int len, char *out);
static int disk_sleep(sqlite3_vfs *vfs, int microseconds);
static int disk_time(sqlite3_vfs *vfs, double *julian);
static int disk_last_error(sqlite3_vfs *vfs, int len, char *out);

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_character,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static sqlite3_vfs crash_vfs = {
    .iVersion = 1,
    .szOsFile = sizeof(struct handle),
    .mxPathname = NAME_BYTES - 1,
    .zName = "crash",
    .xOpen = disk_open,
    .xDelete = disk_delete,
    .xAccess = disk_access,
    .xFullPathname = disk_full_name,
    .xRandomness = disk_randomness,
    .xSleep = disk_sleep,
    .xCurrentTime = disk_time,
    .xGetLastError = disk_last_error,
};

void crash_vfs_register(void)
{
    machine = sqlite3_vfs_find(NULL);
    CHECK(sqlite3_vfs_register(&crash_vfs, 1) == SQLITE_OK);
}

void crash_vfs_unregister(void)
{
    crash_vfs_format(0);
    CHECK(sqlite3_vfs_unregister(&crash_vfs) == SQLITE_OK);
    CHECK(sqlite3_vfs_register(machine, 1) == SQLITE_OK);
}

void crash_vfs_format(uint64_t seed)
{
    CHECK(disk.handles == NULL);
    for (size_t i = 0; i < NAMES_MAX; i++) {
        forget_regions(&disk.names[i]);
        disk.names[i] = (struct name){0};
    }
    free_unnamed();
    memset(&disk, 0, sizeof disk);
    disk.chance = seed * 2 + 1;
}

void crash_vfs_fail_after(unsigned steps)
{
    disk.steps_left = steps;
}

bool crash_vfs_has_failed(void)
{
    return disk.is_off;
}

void crash_vfs_fail_sync(void)
{
    disk.fails_sync = true;
}

void crash_vfs_lie(bool lies)
{
    disk.lies = lies;
}

void crash_vfs_restart(enum crash_kind kind)
{
    CHECK(disk.handles == NULL);
    for (size_t i = 0; i < NAMES_MAX; i++) {
        struct name *name = &disk.names[i];
        forget_regions(name);
        if (kind == CRASH_POWER && name->now != name->kept) {
            struct inode **lost = crash_vfs_chance(2) == 0 ? &name->kept : &name->now;
            disk.count.names_back += lost == &name->now ? 1 : 0;
            *lost = lost == &name->now ? name->kept : name->now;
            name->now = *lost;
            name->kept = *lost;
        }
    }
    enum mood mood = (enum mood)crash_vfs_chance(MOODS_COUNT);
    for (size_t i = 0; kind == CRASH_POWER && i < INODES_MAX; i++) {
        if (disk.inodes[i].is_used) {
            lose_steps(&disk.inodes[i], mood);
        }
    }
    free_unnamed();
    disk.is_off = false;
    disk.fails_sync = false;
    disk.steps_left = 0;
}

// SplitMix64 (Steele, Lea, Flood 2014): a whole sequence from any seed.
uint32_t crash_vfs_chance(uint32_t limit)
{
    disk.chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = disk.chance;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((mixed ^ (mixed >> 31)) % limit);
}

struct crash_count crash_vfs_count(void)
{
    return disk.count;
}

static void image_put(struct image *image, size_t at, const void *bytes, size_t len)
{
    if (at + len > image->size) {
        image->size = (at + len) * 2;
        image->bytes = realloc(image->bytes, image->size);
        CHECK(image->bytes != NULL);
    }
    if (at > image->len) {
        memset(image->bytes + image->len, 0, at - image->len);
    }
    memcpy(image->bytes + at, bytes, len);
    image->len = at + len > image->len ? at + len : image->len;
}

static void image_cut(struct image *image, size_t len)
{
    image->len = len < image->len ? len : image->len;
}

static void image_free(struct image *image)
{
    free(image->bytes);
    *image = (struct image){0};
}

static struct step *step_new(struct inode *inode)
{
    if (inode->steps_count == inode->steps_size) {
        inode->steps_size = inode->steps_size == 0 ? 64 : inode->steps_size * 2;
        inode->steps = realloc(inode->steps, inode->steps_size * sizeof inode->steps[0]);
        CHECK(inode->steps != NULL);
    }
    struct step *step = &inode->steps[inode->steps_count++];
    *step = (struct step){0};
    return step;
}

static void steps_free(struct inode *inode)
{
    for (size_t i = 0; i < inode->steps_count; i++) {
        image_free(&inode->steps[i].data);
    }
    inode->steps_count = 0;
}

// True when the power is gone; this step may have been under way.
static bool goes_off(void)
{
    if (disk.steps_left > 0) {
        disk.steps_left -= 1;
        disk.is_off = disk.is_off || disk.steps_left == 0;
    }
    return disk.is_off;
}

// In any order: a drive and a file system both may turn writes round between two syncs.
static void lose_steps(struct inode *inode, enum mood mood)
{
    for (size_t i = inode->steps_count; mood == MOOD_MIXED && i > 1; i--) {
        size_t other = crash_vfs_chance((uint32_t)i);
        struct step swap = inode->steps[i - 1];
        inode->steps[i - 1] = inode->steps[other];
        inode->steps[other] = swap;
    }
    for (size_t i = 0; i < inode->steps_count; i++) {
        const struct step *step = &inode->steps[i];
        if (!step->is_cut) {
            lose_write(inode, step, mood);
        } else if (mood == MOOD_KEEPS || (mood == MOOD_MIXED && crash_vfs_chance(2) == 0)) {
            image_cut(&inode->kept, step->at);
            disk.count.kept += 1;
        } else {
            disk.count.lost += 1;
        }
    }
    steps_free(inode);
    image_cut(&inode->now, 0);
    if (inode->kept.len > 0) {
        image_put(&inode->now, 0, inode->kept.bytes, inode->kept.len);
    }
}

// Kept whole, lost whole, or sector by sector. A file may have grown without its bytes: then old
// bytes of the drive stand there.
static void lose_write(struct inode *inode, const struct step *step, enum mood mood)
{
    uint32_t fate = mood == MOOD_MIXED ? crash_vfs_chance(3) : mood == MOOD_KEEPS ? 0 : 1;
    disk.count.kept += fate == 0 ? 1 : 0;
    disk.count.lost += fate == 1 ? 1 : 0;
    disk.count.torn += fate == 2 ? 1 : 0;
    size_t done = 0;
    while (done < step->data.len) {
        size_t at = step->at + done;
        size_t len = SECTOR_BYTES - at % SECTOR_BYTES;
        len = len < step->data.len - done ? len : step->data.len - done;
        bool is_kept = fate == 0 || (fate == 2 && crash_vfs_chance(2) == 0);
        if (is_kept) {
            image_put(&inode->kept, at, step->data.bytes + done, len);
        } else if (at >= inode->kept.len && fate == 2) {
            uint8_t garbage[SECTOR_BYTES];
            memset(garbage, (int)crash_vfs_chance(256), sizeof garbage);
            image_put(&inode->kept, at, garbage, len);
        }
        done += len;
    }
}

static struct inode *inode_new(void)
{
    for (size_t i = 0; i < INODES_MAX; i++) {
        if (!disk.inodes[i].is_used) {
            disk.inodes[i] = (struct inode){.is_used = true};
            return &disk.inodes[i];
        }
    }
    CHECK(false); // more files at once than any test needs
    return NULL;
}

static void free_unnamed(void)
{
    for (size_t i = 0; i < INODES_MAX; i++) {
        struct inode *inode = &disk.inodes[i];
        bool is_held = !inode->is_used;
        for (size_t n = 0; n < NAMES_MAX; n++) {
            is_held = is_held || disk.names[n].now == inode || disk.names[n].kept == inode;
        }
        for (const struct handle *handle = disk.handles; handle != NULL; handle = handle->next) {
            is_held = is_held || handle->inode == inode;
        }
        if (!is_held) {
            steps_free(inode);
            free(inode->steps);
            image_free(&inode->now);
            image_free(&inode->kept);
            *inode = (struct inode){0};
        }
    }
}

static struct name *find_name(const char *words)
{
    for (size_t i = 0; i < NAMES_MAX; i++) {
        struct name *name = &disk.names[i];
        if (name->words[0] == '\0') {
            CHECK(text_copy(name->words, sizeof name->words, words) == OK);
        }
        if (text_equal(name->words, words)) {
            return name;
        }
    }
    CHECK(false); // more names than any test needs
    return NULL;
}

static void sync_folder(void)
{
    for (size_t i = 0; !disk.lies && i < NAMES_MAX; i++) {
        disk.names[i].kept = disk.names[i].now;
    }
}

static void forget_regions(struct name *name)
{
    for (size_t i = 0; i < REGIONS_MAX; i++) {
        free(name->regions[i]);
        name->regions[i] = NULL;
    }
}

// --- one open file

static struct handle *of(sqlite3_file *file)
{
    return (struct handle *)file;
}

static int file_close(sqlite3_file *file)
{
    for (struct handle **at = &disk.handles; *at != NULL; at = &(*at)->next) {
        if (*at == of(file)) {
            *at = of(file)->next;
            break;
        }
    }
    free_unnamed();
    return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *out, int len, sqlite3_int64 at)
{
    const struct image *now = &of(file)->inode->now;
    size_t from = (size_t)at < now->len ? (size_t)at : now->len;
    size_t there = now->len - from < (size_t)len ? now->len - from : (size_t)len;
    memset(out, 0, (size_t)len);
    if (there > 0) {
        memcpy(out, now->bytes + from, there);
    }
    return there == (size_t)len ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    struct inode *inode = of(file)->inode;
    if (disk.is_off) {
        return SQLITE_IOERR_WRITE;
    }
    struct step *step = step_new(inode);
    step->at = (size_t)at;
    image_put(&step->data, 0, bytes, (size_t)len);
    image_put(&inode->now, (size_t)at, bytes, (size_t)len);
    return goes_off() ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 len)
{
    struct inode *inode = of(file)->inode;
    if (disk.is_off) {
        return SQLITE_IOERR_TRUNCATE;
    }
    struct step *step = step_new(inode);
    step->is_cut = true;
    step->at = (size_t)len;
    image_cut(&inode->now, (size_t)len);
    return goes_off() ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
}

static int file_sync(sqlite3_file *file, int flags)
{
    struct inode *inode = of(file)->inode;
    (void)flags; // full or normal: this disk keeps its word or has no power
    if (goes_off() || disk.fails_sync) {
        disk.fails_sync = false;
        return SQLITE_IOERR_FSYNC;
    }
    if (disk.lies) {
        return SQLITE_OK;
    }
    for (size_t i = 0; i < inode->steps_count; i++) {
        const struct step *step = &inode->steps[i];
        if (step->is_cut) {
            image_cut(&inode->kept, step->at);
        } else {
            image_put(&inode->kept, step->at, step->data.bytes, step->data.len);
        }
    }
    steps_free(inode);
    if (of(file)->syncs_folder) {
        of(file)->syncs_folder = false;
        sync_folder();
    }
    return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *len)
{
    *len = (sqlite3_int64)of(file)->inode->now.len;
    return SQLITE_OK;
}

static int highest_other(const struct handle *own)
{
    int highest = SQLITE_LOCK_NONE;
    for (const struct handle *handle = disk.handles; handle != NULL; handle = handle->next) {
        if (handle != own && handle->inode == own->inode && handle->lock > highest) {
            highest = handle->lock;
        }
    }
    return highest;
}

static int file_lock(sqlite3_file *file, int lock)
{
    struct handle *own = of(file);
    int highest = highest_other(own);
    bool is_free = lock == SQLITE_LOCK_SHARED      ? highest < SQLITE_LOCK_PENDING
                   : lock == SQLITE_LOCK_EXCLUSIVE ? highest == SQLITE_LOCK_NONE
                                                   : highest < SQLITE_LOCK_RESERVED;
    if (!is_free) {
        return SQLITE_BUSY;
    }
    own->lock = lock > own->lock ? lock : own->lock;
    return SQLITE_OK;
}

static int file_unlock(sqlite3_file *file, int lock)
{
    of(file)->lock = lock;
    return SQLITE_OK;
}

static int file_reserved(sqlite3_file *file, int *is_reserved)
{
    *is_reserved =
        of(file)->lock >= SQLITE_LOCK_RESERVED || highest_other(of(file)) >= SQLITE_LOCK_RESERVED;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int what, void *value)
{
    (void)file;
    (void)what;
    (void)value;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *file)
{
    (void)file;
    return 4096; // what SQLite's own layer says of every disk
}

static int file_character(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; // likewise
}

static int shm_map(sqlite3_file *file, int region, int len, int extends, void volatile **memory)
{
    struct name *name = of(file)->name;
    CHECK(region < REGIONS_MAX);
    if (name->regions[region] == NULL && extends != 0) {
        name->regions[region] = calloc(1, (size_t)len);
        CHECK(name->regions[region] != NULL);
    }
    *memory = name->regions[region];
    return SQLITE_OK;
}

static int shm_lock(sqlite3_file *file, int first, int count, int flags)
{
    struct handle *own = of(file);
    unsigned mask = ((1U << count) - 1U) << first;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        own->shared &= ~mask;
        own->exclusive &= ~mask;
        return SQLITE_OK;
    }
    bool is_exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (const struct handle *handle = disk.handles; handle != NULL; handle = handle->next) {
        bool is_other = handle != own && handle->name == own->name;
        if (is_other &&
            ((handle->exclusive & mask) != 0 || (is_exclusive && (handle->shared & mask) != 0))) {
            return SQLITE_BUSY;
        }
    }
    if (is_exclusive) {
        own->exclusive |= mask;
    } else {
        own->shared |= mask;
    }
    return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *file)
{
    (void)file; // one thread
}

static int shm_unmap(sqlite3_file *file, int deletes)
{
    of(file)->shared = 0;
    of(file)->exclusive = 0;
    if (deletes != 0) {
        forget_regions(of(file)->name);
    }
    return SQLITE_OK;
}

// --- the disk

static int disk_open(sqlite3_vfs *vfs, const char *words, sqlite3_file *file, int flags,
                     int *out_flags)
{
    (void)vfs;
    struct handle *handle = of(file);
    *handle = (struct handle){0};
    if (words != NULL) {
        handle->name = find_name(words);
        handle->inode = handle->name->now;
    }
    if (handle->inode == NULL && ((flags & SQLITE_OPEN_CREATE) == 0 || disk.is_off)) {
        return SQLITE_CANTOPEN;
    }
    if (handle->inode == NULL) {
        handle->inode = inode_new();
        if (words != NULL) {
            handle->name->now = handle->inode;
        }
    }
    // As SQLite's own layer: also for a log that is already there, whose name may not be sure yet.
    int journals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    handle->syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & journals) != 0;
    handle->base.pMethods = &methods;
    handle->next = disk.handles;
    disk.handles = handle;
    if (out_flags != NULL) {
        *out_flags = flags;
    }
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *words, int syncs)
{
    (void)vfs;
    struct name *name = find_name(words);
    if (goes_off()) {
        return SQLITE_IOERR_DELETE;
    }
    if (name->now == NULL) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    name->now = NULL;
    if (syncs != 0) {
        sync_folder();
    }
    return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *vfs, const char *words, int flags, int *result)
{
    (void)vfs;
    (void)flags;
    const struct inode *inode = find_name(words)->now;
    *result = inode != NULL && (flags != SQLITE_ACCESS_EXISTS || inode->now.len > 0);
    return SQLITE_OK;
}

static int disk_full_name(sqlite3_vfs *vfs, const char *words, int out_bytes, char *out)
{
    (void)vfs;
    return text_copy(out, (size_t)out_bytes, words) == OK ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int disk_randomness(sqlite3_vfs *vfs, int len, char *out)
{
    (void)vfs;
    for (int i = 0; i < len; i++) {
        out[i] = (char)crash_vfs_chance(256);
    }
    return len;
}

static int disk_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds; // nobody else could have done anything meanwhile
}

static int disk_time(sqlite3_vfs *vfs, double *julian)
{
    (void)vfs;
    *julian = 2440587.5; // 1970; no statement asks
    return SQLITE_OK;
}

static int disk_last_error(sqlite3_vfs *vfs, int len, char *out)
{
    (void)vfs;
    (void)len;
    (void)out;
    return 0;
}
