"""The Danish words of one study: who is compared, how they were made alike, whom it is about.

Every sentence on the comparison takes its words from here, so that a weighted study never
speaks of partners, an effect on everybody never of the participants, and a trial never of
selection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyses.results.facts import ComparisonFacts, Estimand, StudyFacts, TargetTrialFacts
from analyses.study.sections import StudyDesign, StudyWords
from evaluation.comparison.method import Family
from reports.words.danish import NOTHING, number, upper_first
from reports.words.methods import (
    DISTANCES,
    ESTIMANDS,
    FAMILIES,
    METHODS,
    FamilyWords,
    weights_words,
)

EVER, BEFORE = "på de målte forhold", "på de forhold, der er målt før start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words for one comparison.

    `leaves_out` says whether some of those whom the effect was meant for could not be compared,
    `nouns` what the study calls them, and `measured` on what they are alike.
    """

    family: Family
    estimand: Estimand
    leaves_out: bool
    design: StudyDesign
    nouns: StudyWords
    measured: str = EVER

    @property
    def way(self) -> FamilyWords:
        """How the groups were made alike."""
        return FAMILIES[self.family]

    @property
    def is_made(self) -> bool:
        """Whether anything was done to make the groups alike."""
        return self.family != "none"

    @property
    def participants(self) -> str:
        """The treated, plural and indefinite."""
        return self.nouns.treated.plural

    @property
    def units(self) -> str:
        """What both groups consist of, plural and indefinite."""
        return self.nouns.unit.plural

    @property
    def controls(self) -> str:
        """Those whom they are compared with, plural and indefinite."""
        return self.nouns.comparison.plural

    @property
    def comparison(self) -> str:
        """Those whom the treated are compared with, definite."""
        return self.nouns.comparison.definite

    @property
    def in_comparison(self) -> str:
        """Among those, as "blandt kontrolpersonerne"."""
        return f"blandt {self.comparison}"

    @property
    def arms(self) -> dict[str, str]:
        """The two groups as they begin a line or end a curve, the treated first."""
        return {
            "treated": upper_first(self.participants),
            "comparison": upper_first(self.controls),
        }

    @property
    def heads(self) -> tuple[str, ...]:
        """The same over columns, where a long compound may be broken."""
        return tuple(
            re.sub("(?<=.)(lignings|gruppe|person)", "\N{SOFT HYPHEN}\\1", one)
            for one in self.arms.values()
        )

    @property
    def groups(self) -> str:
        """Both groups, definite."""
        return f"{self.nouns.treated.definite} og {self.comparison}"

    @property
    def both(self) -> str:
        """The two groups as a note has them, in the order of the numbers."""
        return f"{self.nouns.treated.definite} / {self.comparison}"

    @property
    def treated(self) -> str:
        """The treated as they are compared, which need not be as they are."""
        if self.estimand == "ATT" or not self.is_made:
            return self.nouns.treated.definite
        return f"de {self._altered} {self.participants}"

    @property
    def _altered(self) -> str:
        return "matchede" if self.family == "pairs" else "vægtede"

    def _about(self, template: str) -> str:
        return template.format(
            treated=self.nouns.treated.definite,
            Treated=upper_first(self.nouns.treated.definite),
            participants=self.participants,
            controls=self.controls,
            units=self.units,
            comparison=self.comparison,
            Comparison=upper_first(self.comparison),
            in_comparison=self.in_comparison,
        )

    @property
    def hundred(self) -> str:
        """A hundred of those whom the effect is about."""
        return self._about(ESTIMANDS[self.estimand].hundred)

    @property
    def spread(self) -> str:
        """The standard deviation that differences are divided by."""
        return self._about(ESTIMANDS[self.estimand].spread)

    @property
    def partners(self) -> str:
        """Whom the treated of one place are held against."""
        return self._about(self.way.partners)

    @property
    def weighed(self) -> str:
        """Whose weights were chosen, and what for."""
        return self._about(ESTIMANDS[self.estimand].weighed)

    def target(self, estimand: Estimand) -> str:
        """Return those whom an effect with that estimand is about."""
        return self._about(ESTIMANDS[estimand].whom)

    @property
    def whom(self) -> str:
        """Those whom the effect is about, and no others."""
        only = "der var nogen at sammenligne med"
        if self.family in ("strata", "weights"):
            only = "der ligner nogen i den anden gruppe"
        limit = f", dog kun dem, {only}" if self.leaves_out and self.is_made else ""
        return f"{self.target(self.estimand)}{limit}"

    @property
    def others(self) -> str:
        """Those that the treated are compared with, in the plural."""
        if not self.is_made or self.design == "randomised":
            return self.controls
        if self.estimand != "ATT":
            return f"de {self._altered} {self.units}"
        return f"tilsvarende {self.units}"

    def more(self, word: str) -> str:
        """Return "Flere deltagere end tilsvarende borgere", or what is true of weights."""
        if self.estimand == "ATT" or not self.is_made:
            return f"{word} {self.participants} end {self.others}"
        return f"{word} af {self.treated} end af {self.others}"

    def counted(self, n: str, noun: str) -> str:
        """Return "195 deltagere"; where the number is hidden, "deltagere" alone."""
        return noun if n == NOTHING else f"{n} {noun}"

    def compared(self, treated: str, others: str) -> str:
        """Return who is compared with whom, and why they are alike."""
        start = upper_first(f"{treated} er sammenlignet med {others}")
        drawn = " Grupperne er dannet ved lodtrækning." if self.design == "randomised" else ""
        if self.is_made:
            alike = f". {self.weighed}" if self.family == "weights" else ", som ligner dem"
            return f"{start}{alike} {self.measured}.{drawn}"
        if drawn:
            return f"{start}.{drawn}"
        return f"{start}, som de er. Grupperne er hverken matchet eller vægtet."

    @property
    def is_weighted(self) -> bool:
        """Whether persons weigh differently."""
        return self.family in ("sets", "strata", "weights")

    @property
    def claim(self) -> str:
        """Whom the results are about, as a clause without its full stop."""
        if self.is_made:
            return f"Resultaterne gælder {self.whom}"
        if self.design == "randomised":
            return "Resultaterne gælder dem, der indgik i lodtrækningen"
        return "Tallene er den rå forskel mellem grupperne og ikke et mål for virkningen"

    @property
    def caution(self) -> str:
        """What the design leaves open, in one or two sentences."""
        if self.design == "randomised":
            return (
                "Grupperne er dannet ved lodtrækning. Det, der ikke er målt, er derfor kun ulige fordelt ved et tilfælde eller ved "
                "frafald"
            )
        alike = (
            " og er kun gjort ens på det, der er målt"
            if self.is_made
            else " og er sammenlignet, som de er"
        )
        return (
            f"Grupperne er ikke dannet ved lodtrækning{alike}. Det, der ikke er målt, for eksempel motivation, kan have betydning for "
            "forskellene"
        )

    def reached(self, n_treated: str, n_comparison: str) -> str:
        """Return what became of the participants, as the conclusion of a chapter has it."""
        is_atc = self.estimand == "ATC"
        as_are = "" if self.design == "randomised" else ", som de er"
        treated = self.counted(n_treated, self.participants)
        others = self.counted(n_comparison, self.controls)
        focal = others if is_atc else treated
        return upper_first(
            {
                "pairs": f"{focal} er matchet med {self.participants if is_atc else self.units}, der ligner dem {self.measured}.",
                "sets": f"{treated} er delt i sæt med {others}, der ligner dem.",
                "strata": f"{treated} er delt i lag med {others}, der ligner dem.",
                "weights": f"{self.weighed} {self.measured}.",
                "none": f"{treated} er sammenlignet med {others}{as_are}.",
            }[self.family]
        )

    def made_on(self, names: str) -> str:
        """Return what the groups were made alike on."""
        if not self.is_made:
            drawn = "dannet ved lodtrækning og " if self.design == "randomised" else ""
            return f"Grupperne er {drawn}ikke gjort ens. Her vises, hvor forskellige de er på {names}."
        if self.family == "weights":
            return f"{self.weighed} på {names}."
        return f"Grupperne er {self.way.made} på {names}."

    def when(self, word: str) -> str:
        """Return "før matching" with a blank before it, or nothing where nothing was done."""
        return f" {word} {self.way.action}" if self.is_made else ""

    @property
    def group(self) -> str:
        """Where differences were calculated."""
        if not self.is_made:
            return "mellem grupperne, som de er"
        return f"efter {self.way.the_action}"

    def described(self, facts: ComparisonFacts) -> str:
        """Return in a few sentences how the comparison of the plan was made."""
        said = (
            f"Metoden er {METHODS[facts.method].name}.",
            self.model(facts),
            self.how(facts),
            self.way.checked,
        )
        return " ".join(filter(None, said))

    def how(self, facts: ComparisonFacts) -> str:
        """Return how a comparison is made, and for whom where not for the treated."""
        nouns = self.nouns
        focal, other = nouns.treated.definite, nouns.comparison.plural
        if facts.estimand == "ATC":
            focal, other = nouns.comparison.plural, nouns.treated.definite
        unit = "" if facts.distance == "mahalanobis" else " standardafvigelser"
        made = METHODS[facts.method].how.format(
            focal=upper_first(focal),
            other=upper_first(other),
            one=nouns.treated.singular,
            many=nouns.treated.plural,
            ratio=f"1:{number(facts.ratio or 1, 0)}",
            measure=DISTANCES.get(facts.distance or "", "en score, der står i data").format(
                one=nouns.treated.singular
            ),
            width=f", og afstanden er højst {number(facts.caliper, 1)}{unit}"
            if facts.caliper
            else "",
            again="kan bruges flere gange" if facts.replace else "bruges højst én gang",
            n=number(facts.strata or 0, 0),
        )
        about = facts.estimand != "ATT"
        whom = f" Forskellen gælder {self.target(facts.estimand)}." if about else ""
        return f"{made}{weights_words(facts)}{whom}"

    def model(self, facts: ComparisonFacts) -> str:
        """Return what the propensity comes from, where the method uses one."""
        if not (facts.distance in ("logit", "ps") or METHODS[facts.method].models):
            return ""
        is_plain = facts.learner in (None, "logit")
        return (
            f"Sandsynligheden for at være {self.nouns.treated.singular} er beregnet med en "
            f"{'logistisk' if is_plain else 'fleksibel'} model af de målte forhold."
        )


def vocabulary(
    facts: ComparisonFacts, study: StudyFacts, trial: TargetTrialFacts
) -> Vocabulary:
    """Return the words for a comparison of a study."""
    return Vocabulary(
        family=facts.family,
        estimand=facts.estimand,
        leaves_out=facts.leaves_out,
        design=study.design,
        nouns=study.words,
        # Where index dates are made, nothing that is compared on may be later.
        measured=BEFORE if trial.time_zero in ("partner_week", "drawn_month") else EVER,
    )
