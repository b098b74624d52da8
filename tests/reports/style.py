"""What is wrong with a report's Danish when it is read aloud: kinds of faults, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

# Words of a sentence, without what stands in brackets or quotes.
LONGEST = 40
# A sentence may be said in the summary and again in its chapter.
REPEATED = 2
NEGATIONS = re.compile(r"\b(?:ikke|ingen|intet|aldrig|hverken|udelukker|udelukke)\b", re.I)
# What nobody says, or what another word of ours says.
BANNED = {
    r"procentpoint (?:flere|færre)": "points are no people",
    r"\bpartner": "a partner is a spouse",
    r"uden for den statistiske|skelnes fra|ligger nul": "a second word for certainty",
    r"gå(?:r)? fra ingen forskel": "a second word for certainty",
    r"højst mulig": "nobody knows what is possible",
    r"(?<!statistisk )\bsikker forskel": "sure of chance alone",
}
# Marks in the place of a study file's own: its words are not ours.
OF_A_STUDY = re.compile("[\U00013000-\U0001345f]")


def paragraphs(markdown: str) -> Iterator[str]:
    """Yield running text: paragraphs and items of lists, without tables, figures and notes."""
    text = re.sub(r"::: \{\.(?:note|spor)\}.*?^:::$", "", markdown, flags=re.S | re.M)
    text = re.sub(r"^(?::::|\||: |#).*$", "", text, flags=re.M)
    text = re.sub(
        r"!\[.*?\]\(.*?\)\{.*?\}|<svg.*?</svg>|```.*?```|<[^>]+>", "", text, flags=re.S
    )
    for block in re.split(r"\n\s*\n|\n- ", text):
        if block.strip() and not OF_A_STUDY.search(block):
            yield " ".join(block.lstrip("- ").split())


def titles(markdown: str) -> list[str]:
    """Return what the figures say above them."""
    return re.findall(r"!\[(.*?)\]\(figures/", markdown)


def sentences(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph; numbers and abbreviations do not end one."""
    text = re.sub(r"\b(pct|jf|f\.eks|bl\.a|ca|nr|pr)\.", r"\1", paragraph, flags=re.I)
    text = re.sub(r"(\d)\. (?=[a-zæøå\d])", r"\1 ", text)
    return [one.strip() for one in re.split(r"(?<=[.:;?])\s+(?=[A-ZÆØÅÉ*»\d])", text)]


def faults(markdown: str) -> Iterator[str]:
    """Yield each fault with its kind and the sentence."""
    said: Counter[str] = Counter()
    for paragraph in paragraphs(markdown):
        if paragraph.count("fremgår af") > 1:
            yield f"chain of references: {paragraph}"
        own = sentences(paragraph)
        # Names in quotes begin the remarks on single columns and files.
        said.update(one for one in own if len(one.split()) > 5 and not one.startswith("»"))
        for sentence in own:
            yield from _of_sentence(sentence)
    for title in titles(markdown):
        yield from _of_sentence(title)
    yield from (f"said {n} times: {one}" for one, n in said.items() if n > REPEATED)


def _of_sentence(sentence: str) -> Iterator[str]:
    bare = re.sub(r"\([^)]*\)|»[^«]*«|@[a-z]+-[\w-]+|\*\*.*?\*\*", "", sentence)
    words = re.findall(r"[^\W\d_]{2,}", bare)
    if len(words) > LONGEST:
        yield f"{len(words)} words: {sentence}"
    if any(len(NEGATIONS.findall(clause)) > 1 for clause in re.split(r"[,;:]", bare)):
        yield f"double negation: {sentence}"
    for banned, why in BANNED.items():
        if re.search(banned, sentence, re.I):
            yield f"{why}: {sentence}"
