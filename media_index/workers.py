"""Processes that fingerprint beside one another."""

from __future__ import annotations

import multiprocessing
import os
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

    A worker whose parent was killed would wait for work for ever, with its models in memory.
    """
    use_one_thread()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
