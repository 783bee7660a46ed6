#pragma once
#include <signal.h>
#include <stdlib.h>

// Whether a signal is ignored; its handler is in a union, of which Swift makes a function pointer that it cannot compare.
static inline int isSignalIgnored(int number) {
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

// What glibc has beyond POSIX; Swift's module of it leaves this out.
#ifdef __GLIBC__
#include <malloc.h>
int syncfs(int descriptor);
#endif
