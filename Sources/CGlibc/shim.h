#pragma once
#include <stdlib.h>

// What glibc has beyond POSIX; Swift's module of it leaves this out.
#ifdef __GLIBC__
#include <malloc.h>
int syncfs(int descriptor);
#endif
