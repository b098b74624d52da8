"""An interruption is known as one, and being told to stop is one too."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from reports.interrupts import stoppable, was_interrupted


def test_an_interrupt_that_compiled_code_has_wrapped_is_still_one() -> None:
    wrapped = SystemError("returned a result with an exception set")
    wrapped.__cause__ = KeyboardInterrupt()
    assert was_interrupted(wrapped)
    assert not was_interrupted(ValueError("another"))


@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM to oneself")
def test_being_told_to_stop_interrupts_and_the_earlier_way_returns() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), stoppable():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_another_thread_leaves_the_signals_alone() -> None:
    seen: list[object] = []

    def work() -> None:
        with stoppable():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]
