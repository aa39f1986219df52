"""Limits on the time that this process works, kept by the kernel: it ends the process when they are up.

Processor time is what counts: a process that waits for a core spends none, so that a limit on it means the
same on a busy machine. The wall's time is limited beside it, for what blocks. Both limits end the process by
the default action of a signal, in the midst of one long operation of C code, too, where no handler of
Python's would run; the signal says which limit it was. Child processes do not count.

On Linux the timers are those of timer_create(2), which Python's `signal` does not have. ITIMER_PROF, which is
used elsewhere, counts in clock ticks, and on a busy virtual machine comes early by a tenth or more.
Sources: timer_create(2), setitimer(2).
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from time import CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID

PROCESSOR_TIME_UP = signal.SIGPROF
WALL_TIME_UP = signal.SIGALRM


class _SignalEvent(ctypes.Structure):
    """`struct sigevent`, with room for what it has for other ways than a signal to the process."""

    _fields_ = (
        ("value", ctypes.c_void_p),
        ("signal", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("rest", ctypes.c_byte * 64),
    )


class _TimerSpan(ctypes.Structure):
    """`struct itimerspec`: the interval, 0 for a timer that goes off once, and the time until then."""

    _fields_ = (
        ("interval_seconds", ctypes.c_long),
        ("interval_nanoseconds", ctypes.c_long),
        ("seconds", ctypes.c_long),
        ("nanoseconds", ctypes.c_long),
    )


@contextmanager
def time_limit(processor_seconds: float, wall_seconds: float) -> Iterator[None]:
    """Ends the process when what is done inside takes longer than either. Limits do not nest."""
    _allow(processor_seconds, wall_seconds)
    try:
        yield
    finally:
        _allow(0, 0)


def _allow(processor_seconds: float, wall_seconds: float) -> None:
    """Sets both timers; 0 is without limit."""
    if sys.platform == "linux":
        _set(_timer(os.getpid(), CLOCK_PROCESS_CPUTIME_ID, PROCESSOR_TIME_UP), processor_seconds)
        _set(_timer(os.getpid(), CLOCK_MONOTONIC, WALL_TIME_UP), wall_seconds)
    else:
        signal.setitimer(signal.ITIMER_PROF, processor_seconds)
        signal.setitimer(signal.ITIMER_REAL, wall_seconds)


def _set(timer: ctypes.c_void_p, seconds: float) -> None:
    span = _TimerSpan(0, 0, int(seconds), int(seconds % 1 * 1e9))
    _checked(_libc().timer_settime(timer, 0, ctypes.byref(span), None))


@cache
def _timer(process: int, clock: int, up: int) -> ctypes.c_void_p:
    """A timer of this process, which is named since a fork has none of its parent's."""
    timer = ctypes.c_void_p()
    event = _SignalEvent(signal=up)
    _checked(_libc().timer_create(clock, ctypes.byref(event), ctypes.byref(timer)))
    return timer


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
