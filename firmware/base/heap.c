// SPDX-License-Identifier: EUPL-1.2
//
// free() and realloc() in front of the C library's own. glibc has a tunable that fills freed memory
// (M_PERTURB), but not the small blocks it keeps for each thread, which is where names are; and of
// our libraries only half offer hooks. Under the address sanitizer its own hook does the same.
#include "base/heap.h"

#include "base/bytes.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef INLOOP_SANITIZED

// From the sanitizer's allocator_interface.h, which gcc does not install.
extern int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *memory,
                                                                       size_t size),
                                                     void (*on_free)(const volatile void *memory));
extern size_t __sanitizer_get_allocated_size(const volatile void *memory);

static void on_malloc(const volatile void *memory, size_t size)
{
    (void)memory;
    (void)size;
}

static void on_free(const volatile void *memory)
{
    if (memory != NULL) {
        wipe((void *)(uintptr_t)memory, __sanitizer_get_allocated_size(memory));
    }
}

void heap_forgets(void)
{
    CHECK(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) > 0);
}

#else

// The C library's own, by the names it keeps for those who stand in front of it.
extern void __libc_free(void *memory);

void heap_forgets(void)
{
    // Naming this function links the two below into the program; there is nothing to start.
}

void free(void *memory)
{
    if (memory != NULL) {
        wipe(memory, malloc_usable_size(memory));
        __libc_free(memory);
    }
}

// Never moves by remapping pages, which would be quicker for large blocks: those are rare here.
void *realloc(void *memory, size_t size)
{
    if (memory == NULL) {
        return malloc(size);
    }
    size_t held = malloc_usable_size(memory);
    if (size == 0) {
        free(memory);
        return NULL;
    }
    if (size <= held && size >= held / 2) {
        wipe((char *)memory + size, held - size);
        return memory;
    }
    void *fresh = malloc(size);
    if (fresh != NULL) {
        memcpy(fresh, memory, size < held ? size : held);
        free(memory);
    }
    return fresh;
}

#endif
