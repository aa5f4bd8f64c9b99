"""Reading many labels fast says exactly what reading each of them plainly would say."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz, process
from scipy.sparse import csr_matrix

from matching import postings
from matching.catalogue.loader import load_catalogue
from matching.certainty import features, probabilities
from matching.characters import CharacterIndex, grams
from matching.classify import default_classifier
from matching.context import ACTIVITY_BONUS, CODE_ALONE, CODE_BONUS, NEXT_CODE, OTHER_CODE, Context, Heard
from matching.lexicon import Lexicon
from matching.model import Direction, Flow, Kind, Site
from matching.parameters import constant
from matching.postings import Postings, highest
from matching.typos import CUTOFF, NearWords
from matching.words import plain, stems, tokens

WORDS = (
    "palettes",
    "palette",
    "bois",
    "perdues",
    "carton",
    "cartons",
    "bordures",
    "drêches",
    "eau",
    "chaude",
)
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@lru_cache(maxsize=1)
def wordings() -> tuple[str, ...]:
    return tuple(r.name.fr for r in load_catalogue().resources.values())


@given(st.text(max_size=40))
def test_a_plain_text_has_no_mark_left_and_is_what_decomposing_each_character_gives(text: str) -> None:
    lowered = text.lower()
    for old, new in (("œ", "oe"), ("æ", "ae"), ("’", " "), ("'", " "), ("³", "3"), ("²", "2"), ("₂", "2")):
        lowered = lowered.replace(old, new)
    decomposed = unicodedata.normalize("NFKD", lowered)
    assert plain(text) == "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@given(st.one_of(st.text(max_size=40), st.sampled_from(wordings())))
def test_the_stems_of_a_phrase_are_those_of_its_tokens(text: str) -> None:
    assert stems(text) == tuple(token.stem for token in tokens(text))


@given(st.lists(phrases, min_size=1, max_size=8), phrases)
def test_the_likeness_of_characters_is_the_cosine_of_weighted_grams(texts: list[str], text: str) -> None:
    texts = [plain(one) for one in texts]
    counts = [Counter(grams(one)) for one in texts]
    holders = Counter(gram for one in counts for gram in one)
    weights = {gram: log((1 + len(texts)) / (1 + holders[gram])) + 1 for gram in holders}

    def vector(count: Counter[str]) -> dict[str, float]:
        found = {gram: (1 + log(times)) * weights[gram] for gram, times in count.items() if gram in weights}
        norm = sqrt(sum(value**2 for value in found.values()))
        return {gram: value / norm for gram, value in found.items()}

    asked = vector(Counter(grams(plain(text))))
    expected = [sum(asked.get(gram, 0) * value for gram, value in vector(one).items()) for one in counts]
    assert CharacterIndex(texts).likeness(plain(text)) == pytest.approx(expected, abs=1e-9)


def test_a_text_without_any_known_run_of_characters_is_like_none() -> None:
    """No run of characters in common gives zeros, not a division by zero."""
    assert CharacterIndex(["palette"]).likeness("zzz").tolist() == [0.0]
    assert CharacterIndex(["palette"]).likeness("").tolist() == [0.0]


@given(
    st.lists(st.text("abcdeé12-", min_size=1, max_size=12), min_size=1, max_size=30),
    st.text("abcde12", min_size=1),
)
def test_counting_letters_first_misses_no_near_word(words: list[str], word: str) -> None:
    near = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=CUTOFF)
    assert NearWords(words).nearest(word) == (near[2] if near else None)


@settings(max_examples=40)
@given(st.sampled_from(wordings()), st.integers(0, 30), st.sampled_from("aeinrst"))
def test_a_typing_error_finds_what_comparing_with_every_word_finds(text: str, place: int, sign: str) -> None:
    known = sorted({stem for wording in wordings() for stem in stems(wording)})
    word = "".join(text.lower().split())[:14]
    mistyped = word[:place] + sign + word[place + 1 :]
    near = process.extractOne(mistyped, known, scorer=fuzz.ratio, score_cutoff=CUTOFF)
    assert NearWords(known).nearest(mistyped) == (near[2] if near else None)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8), st.floats(0.1, 2)), max_size=30),
    st.permutations(range(6)),
)
def test_sums_of_postings_are_those_of_the_matrix(
    cells: list[tuple[int, int, float]], terms: list[int]
) -> None:
    dense = np.zeros((6, 9))
    for term, document, weight in cells:
        dense[term, document] = weight
    index, asked = Postings(csr_matrix(dense)), terms[:3]
    weights = np.array([0.5, 1.0, 2.0])
    expected = dense[asked].T @ weights
    assert index.total(asked, weights) == pytest.approx(expected)
    met, sums = index.some(asked, weights)
    assert met.tolist() == np.flatnonzero(expected).tolist()
    assert sums == pytest.approx(expected[met])


def test_machine_code_adds_up_to_the_last_bit_what_plain_sums_say(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    asked = [3, 0, 5, 5, 1]
    sums = Postings(csr_matrix(random.random((6, 400)) * (random.random((6, 400)) < 0.3)))
    weights = random.random(len(asked))
    for plain_one in ("_add_up", "_add_to_some", "_weigh_runs"):
        monkeypatch.setattr(postings, plain_one, None)
    starts = np.array([0, 1, 7, 399])
    plainly, best = sums.total(asked, weights), sums.total(asked, weights)
    highest_of_each = postings.best_of_runs(best, 0.35, starts)
    postings.compile_sums()
    assert postings._add_up is not None
    assert sums.total(asked, weights).tolist() == plainly.tolist()
    assert sums.total([], np.zeros(0)).tolist() == [0.0] * 400
    # Twice: what one answer leaves behind is not in the next one.
    for _ in range(2):
        met, found = sums.some(asked, weights)
        assert met.tolist() == np.flatnonzero(plainly).tolist()
        assert found.tolist() == plainly[met].tolist()
    assert postings.best_of_runs(plainly, 0.35, starts).tolist() == highest_of_each.tolist()
    assert plainly.tolist() == best.tolist()


@given(st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.2000001, 0.9]), min_size=1, max_size=40), st.integers(1, 6))
def test_the_highest_scores_come_first_and_the_first_of_equals_too(scores: list[float], count: int) -> None:
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:count]
    assert highest(np.array(scores), count).tolist() == expected


@settings(max_examples=30)
@given(st.data())
def test_the_context_raises_what_its_definition_raises(data: st.DataObject) -> None:
    resources = list(load_catalogue().resources.values())
    codes = sorted(code for resource in resources for code in resource.waste_codes)
    code = data.draw(st.sampled_from(codes))
    direction = data.draw(st.sampled_from([None, *Direction]))
    activity = data.draw(st.sampled_from(["", "10.71C", "1623Z", "2", "01.11Z", "46.77Z"]))
    context, scores = _context(), np.linspace(0, 1, len(resources))
    plainly = context.factors(Heard([], blemished=False), direction, None, "")
    raised = context.factors(Heard([], blemished=False), direction, None, activity)
    digits = activity.replace(".", "")
    for place, resource in enumerate(resources):
        known = resource.activities_in if direction is Direction.INPUT else resource.activities_out
        fits = bool(digits) and digits.startswith(known)
        assert raised[place] == plainly[place] * (ACTIVITY_BONUS if fits else 1)
    for place, (before, after) in enumerate(zip(scores, context.with_code(scores, code), strict=True)):
        own = resources[place].waste_codes
        if code in own:
            share = 1 / (1 + NEXT_CODE * own.index(code))
            expected = max(before + (1 - before) * CODE_BONUS * share, CODE_ALONE * share)
        else:
            elsewhere = bool(own) and all(other[:4] != code[:4] for other in own)
            expected = before * OTHER_CODE if elsewhere else before
        assert after == pytest.approx(expected, abs=1e-12)


@lru_cache(maxsize=1)
def _context() -> Context:
    return Context(list(load_catalogue().resources.values()))


def test_flows_read_together_are_read_as_each_of_them_alone() -> None:
    """The order in which flows are read, and what is remembered between them, changes nothing."""
    classifier = default_classifier()
    labels = [name + ending for name in wordings()[::40] for ending in ("", " à évacuer")]
    flows = [
        Flow(
            Site(f"s{i % 7}", activity_code=("", "1623Z", "16.23Z")[i % 3]),
            direction,
            Kind.MATERIAL,
            label,
            comment=comment,
        )
        for i, (label, comment) in enumerate(
            (label, comment) for label in labels for comment in ("", "en vrac")
        )
        for direction in (Direction.INPUT, Direction.OUTPUT)
    ]
    classifier._ranked.cache_clear()
    together = classifier.classify_all(flows, 4)
    classifier._ranked.cache_clear()
    assert together == [classifier.classify(flow, 4) for flow in flows]
    assert together == [
        classifier._ranked(f.label, f.comment, f.direction, f.kind, "", f.site.activity_code, 4)
        for f in flows
    ]
    assert classifier.classify_all([], 4) == []


def test_owners_without_wordings_score_nothing_and_are_said_by_no_phrase() -> None:
    lexicon = Lexicon([(0, "palettes bois"), (2, "drêches")], 4)
    scores, phrase_scores = lexicon.scores(tokens("palette en bois"), "palette en bois")
    assert scores[0] > 0.9
    assert scores[1] == scores[3] == 0
    assert lexicon.best_phrase(0, phrase_scores) == "palettes bois"
    assert lexicon.best_phrase(1, phrase_scores) == ""


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6).map(lambda scores: sorted(scores, reverse=True)))
def test_a_probability_is_the_logistic_of_the_features_that_were_fitted(scores: list[float]) -> None:
    base, per_score, per_lead = (constant(f"reading_{name}") for name in ("base", "score", "lead"))
    fitted = [features(scores, place) for place in range(len(scores))]
    expected = [1 / (1 + exp(-(base + per_score * score + per_lead * lead))) for score, lead in fitted]
    assert probabilities(scores, "reading") == expected
