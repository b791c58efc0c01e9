"""Work spread over processes that end with the one that started them, however that ends."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")


def spread(
    work: Callable[[Batch], Result], batches: Sequence[Batch], jobs: int, preload: str
) -> Iterator[tuple[int, Result]]:
    """Yield the place of each batch and what `work` makes of it, in the order in which they are done.

    `work` and the batches are pickled; `preload` names the module in which `work` stands. What a process that
    dies or fails had in hand is done here, so that it raises here what `work` raises.
    """
    # A fork of this process would copy the locks of its threads.
    context = multiprocessing.get_context("spawn") if os.name == "nt" else multiprocessing.get_context("forkserver")
    if os.name != "nt":
        context.set_forkserver_preload([preload])
    waiting = list(range(len(batches)))[::-1]
    busy: dict[Connection, int] = {}
    processes = []
    try:
        for _ in range(min(jobs, len(batches))):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, work), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
            busy[ours] = waiting.pop()
            ours.send(batches[busy[ours]])
        while busy:
            for one in wait(list(busy)):
                assert isinstance(one, Connection)
                place = busy.pop(one)
                try:
                    done = one.recv()
                    if waiting:  # It works on while what it did is looked at here.
                        busy[one] = waiting.pop()
                        one.send(batches[busy[one]])
                except (EOFError, OSError):
                    done = work(batches[place])
                yield place, done
        for place in waiting:  # No process is left that could.
            yield place, work(batches[place])
    finally:
        for one in busy:
            one.close()
        for process in processes:
            process.terminate()
            process.join()


def _serve(ours: Connection, work: Callable[[Batch], Result]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The process that started this one ends it.
    # Parsed notes hold cycles: they go batch by batch, without a look at what was there before.
    gc.disable()
    gc.freeze()
    try:
        while True:
            ours.send(work(ours.recv()))
            gc.collect(0)  # The youngest are those of this batch.
    except (EOFError, OSError):
        return  # Nobody waits any more.
    except Exception:
        return  # Whoever waits does it again and says what is wrong, once.
