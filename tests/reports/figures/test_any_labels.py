"""Whatever names a study gives, no word of a figure lies on another or is cut off."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure

from evaluation.grades import Grade
from reports.facts import STAMP
from reports.figures import (
    Apart,
    Band,
    Dot,
    Specification,
    Stage,
    answer_bars,
    answer_parts,
    dot_panels,
    funnels,
    incidence_curves,
    love_plot,
    ratio_forest,
    site_forest,
    specification_curve,
    status_areas,
    wave_dots,
    weekly_path,
)
from reports.figures.style import stamped
from reports.figures.trends import trend_lines
from reports.words.danish import count, interval, number
from tests.reports.figures.boxes import check_words

NAN = math.nan
WORDS = (
    "job", "ydelse", "uger", "borger", "støtte", "mål", "kommune", "uddannelse", "efter",
    "beskæftigelse", "sygedagpenge", "kontanthjælpsmodtagere", "sammenligningspersoner", "med",
    "beskæftigelsesindsats", "førtidspension", "arbejdsmarkedsforvaltning", "og", "til", "på",
    "integrationsydelsesmodtagere", "i", "uden",
)  # fmt: skip
ARMS = ("treated", "comparison")


@pytest.fixture(autouse=True)
def _no_window() -> Iterator[None]:
    import matplotlib.pyplot as plt

    with mpl.rc_context({"backend": "agg"}):
        yield
    plt.close("all")


class Study(random.Random):
    """A study of any names and numbers."""

    def name(self, letters: int = 80) -> str:
        """Return a name of up to so many letters."""
        wanted, words = self.randint(3, letters), [self.choice(WORDS)]
        while len(" ".join(words)) < wanted:
            words.append(self.choice(WORDS))
        return " ".join(words)[:wanted].strip().capitalize()

    def dot(self, *, is_graded: bool = False) -> Dot:
        """Return a row, at times without an interval or hidden."""
        size = 10 ** self.uniform(-1, 3.5)
        value = self.uniform(-size, size)
        low, high = value - self.random() * size, value + self.random() * size
        grade = self.choice(list(Grade)) if is_graded else None
        if self.random() < 0.1:
            return Dot(label=self.name(), grade=Grade.HIDDEN if is_graded else None)
        if self.random() < 0.1:
            return Dot(label=self.name(), estimate=value, text=number(value), grade=grade)
        text = f"{number(value)} ({interval(low, high)})"
        return Dot(
            label=self.name(), estimate=value, low=low, high=high, text=text, grade=grade
        )

    def dots(self, most: int = 9, *, is_graded: bool = False) -> list[Dot]:
        """Return some rows."""
        return [self.dot(is_graded=is_graded) for _ in range(self.randint(1, most))]

    @property
    def arms(self) -> Mapping[str, str]:
        """The names of the groups."""
        return {arm: self.name(45) for arm in ARMS}


def panels(study: Study) -> Figure:
    band = Band(label="Facit", estimate=2.0, low=1.0, high=4.0)
    shown = [
        (study.name(), 0.0, study.dots(is_graded=True)) for _ in range(study.randint(1, 3))
    ]
    return dot_panels(shown, band=study.choice([None, band]))


def waves(study: Study) -> Figure:
    names = [study.name() for _ in range(study.randint(1, 12))]

    def row(name: str) -> Dot:
        share = study.uniform(0, 100)
        low, high = max(0, share - 12), min(100, share + 12)
        return Dot(label=name, estimate=share, low=low, high=high, text=number(share, 0))

    many = range(1, study.randint(2, 4))
    shown = [(f"{wave}. måling", [row(name) for name in names]) for wave in many]
    return wave_dots(shown, title=study.name())


def forest(study: Study) -> Figure:
    # Two panels have no room for intervals beside the numbers, which a table has.
    bare = [replace(one, text=number(one.estimate)) for one in study.dots(12)]
    alone = [replace(one, low=NAN, high=NAN) for one in bare]
    without = [replace(one, label="") for one in bare]
    titles = study.name(40), study.name(40)
    return site_forest(alone, without, unit=study.name(30), titles=titles, whole=3.6)


def love(study: Study) -> Figure:
    many = range(study.randint(1, 30))
    rows = [(study.name(), study.uniform(-1, 1), study.uniform(-0.2, 0.2)) for _ in many]
    return love_plot(rows, threshold=0.1, action=study.choice(["matching", "vægtning", ""]))


def ratios(study: Study) -> Figure:
    names = [study.name() for _ in range(study.randint(1, 8))]

    def row(name: str) -> Dot:
        value = math.exp(study.gauss(0, 0.7))
        low, high = value / 1.7, value * 1.7
        text = f"{number(value, 2)} ({interval(low, high, 2, 1.0)})"
        grade = study.choice([Grade.UNCERTAIN, Grade.INDICATION])
        return Dot(label=name, estimate=value, low=low, high=high, text=text, grade=grade)

    kinds = [
        (kind, [row(name) for name in names]) for kind in ("Årsagsspecifik", "Subdistribution")
    ]
    return ratio_forest(kinds, title="Ratio, logaritmisk skala")


def specifications(study: Study) -> Figure:
    ways = [Specification(kind="main", dot=study.dot())]
    for kind in ("variant", "left_out", "bound"):
        ways += [Specification(kind=kind, dot=one) for one in study.dots(8)]
    heads = {kind: study.name(40) for kind in ("variant", "left_out", "bound")}
    return specification_curve(ways, heads=heads, null=0.0, title=study.name())


def curves(study: Study) -> Figure:
    horizon, slopes = study.choice([12, 26, 52, 104, 208]), [study.random(), study.random()]
    rows = [
        {"arm": arm, "time": float(t), "estimate": slope * t / horizon}
        | {"conf_low": 0.8 * slope * t / horizon, "conf_high": 1.1 * slope * t / horizon}
        for arm, slope in zip(ARMS, slopes, strict=True)
        for t in range(0, horizon + 1, 4)
    ]
    apart = [
        Apart(time=t, estimate=one, low=one - 3, high=one + 3, left=left)
        for t in sorted({study.randint(1, horizon) for _ in range(study.randint(0, 6))})
        for one in [study.uniform(-20, 20)]
        for left in [{arm: count(study.randint(5, 99_999)) for arm in ARMS}]
    ]
    return incidence_curves(
        pd.DataFrame(rows),
        names=study.arms,
        horizon=horizon,
        unit=f"Procent, der {study.name()}",
        time="tougersperioder siden sagens oprettelse",
        apart=apart,
    )


def paths_of(study: Study, statuses: Mapping[str, float]) -> pd.DataFrame:
    """Return paths that rise to the shares, or a little more or less in the other group."""
    first, last = -study.randint(10, 104), study.randint(26, 156)
    rows = [
        {"status": status, "arm": arm, "week": week, "estimate": size * (week - first) / 300}
        for status, size in statuses.items()
        for arm in (*ARMS, "difference")
        for week in range(first, last + 1, 2)
    ]
    made = pd.DataFrame(rows)
    gap = made["estimate"].where(made["arm"] == "difference")
    return made.assign(conf_low=gap - 2, conf_high=gap + 2, band_low=gap - 4, band_high=gap + 4)


def weekly(study: Study) -> Figure:
    made = paths_of(study, {"employment": study.uniform(0.5, 90)})
    return weekly_path(made, names=study.arms, unit=f"Procent {study.name()}")


def areas(study: Study) -> Figure:
    names = {f"status{at}": study.name(40) for at in range(study.randint(2, 7))}
    made = paths_of(study, {one: study.choice([0.2, 1.0, 20.0]) for one in list(names)[:-1]})
    rest = made.groupby(["arm", "week"], as_index=False)["estimate"].sum()
    rest = rest.assign(status=list(names)[-1], estimate=100 - rest["estimate"])
    return status_areas(pd.concat([made, rest]), names, names=study.arms, order=list(names))


def flow(study: Study) -> Figure:
    def column() -> list[Stage]:
        sizes = sorted(study.randint(5, 4_000_000) for _ in range(study.randint(1, 9)))
        return [
            Stage(
                title=study.name(60),
                n=n,
                lost=f"{count(n)} går ud: {study.name(160)}" if study.random() < 0.7 else "",
                is_part=study.random() < 0.2,
            )
            for n in reversed(sizes)
        ]

    return funnels([(name, column()) for name in study.arms.values()])


def trends(study: Study) -> Figure:
    periods = [f"{1 + at % 2}. halvår {2010 + at // 2}" for at in range(study.randint(2, 8))]
    groups = [
        (study.name(60), [study.uniform(0, 60) for _ in periods])
        for _ in range(study.randint(1, 3))
    ]
    return trend_lines(periods, groups, title="Procent")


def parts(study: Study) -> Figure:
    answers = [study.name(30) for _ in range(study.randint(2, 7))]

    def shares() -> list[float]:
        sizes = [study.random() ** 3 for _ in answers]
        return [100 * size / sum(sizes) for size in sizes]

    questions = [(study.name(), shares()) for _ in range(study.randint(1, 10))]
    is_opposed = len(answers) > 2 and study.random() < 0.5
    return answer_parts(questions, answers, opposed=is_opposed)


def bars(study: Study) -> Figure:
    return answer_bars(
        [(study.name(), study.uniform(0, 60)) for _ in range(study.randint(1, 15))]
    )


KINDS: tuple[Callable[[Study], Figure], ...] = (
    panels, waves, forest, love, ratios, specifications, curves, weekly, areas, flow, trends,
    parts, bars,
)  # fmt: skip


def check(kind: Callable[[Study], Figure], seeds: range) -> None:
    """Check drawings of random studies; the seed tells which one failed."""
    import matplotlib.pyplot as plt

    for seed in seeds:
        drawing = stamped(kind(Study(seed)), STAMP)
        try:
            check_words(drawing)
        except AssertionError as fault:
            raise AssertionError(f"study {seed}: {fault}") from fault
        plt.close(drawing)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_name_is_too_long(kind: Callable[[Study], Figure]) -> None:
    check(kind, range(8))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_name_of_many_studies_is_too_long(kind: Callable[[Study], Figure]) -> None:
    check(kind, range(8, 208))
