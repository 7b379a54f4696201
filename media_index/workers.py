"""Processes that fingerprint beside one another."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from typing import TYPE_CHECKING

import cv2

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess


def use_one_thread() -> None:
    """Leave the other processors to the other workers."""
    cv2.setNumThreads(1)


def prepare_worker() -> None:
    """Prepare a process that works beside others: one OpenCV thread, and no longer life than ours.

    A worker whose parent was killed would wait for work for ever, with its models in memory. Ctrl-C
    reaches every process of a terminal: the parent hears it, and lets its workers end.
    """
    use_one_thread()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
