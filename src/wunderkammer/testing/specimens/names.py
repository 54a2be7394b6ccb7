"""Invented names: Latin for taxa, people who collect, places that are on no map."""

from __future__ import annotations

import numpy as np

Rng = np.random.Generator


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a list written as one text."""
    return tuple(text.split())


ONSETS = _words(
    "Al An Ar Bel Bor Cal Car Chel Cor Cyr Dam Del Dor El Eu Fal Gal Gar Hel Hes Iph "
    "Kal Lam Leu Lyc Mal Mel Mor Myr Nar Nym Or Pal Par Phil Pol Pyr Ros Sal Scor "
    "Sel Syl Tal Ther Tri Val Ver Xan Zan Zeph"
)
MIDDLES = _words(
    "a ab ad al am an and ant ar as ath el em en er es i ic id il in ip is ith o ol "
    "on op or os oph ul um un ur yl yn yr"
)
GENUS_ENDS = {
    "butterfly": _words("ia ea is ethis oria anthe idea aria onia urgus"),
    "moth": _words("ula odes ampa idia alis ina isa opsis urga aphora"),
    "beetle": _words("us ius odes ophorus idius onus arabus ops ina ytus"),
    "plant": _words("ia aria anthus ium ella ocarpus iopsis era olea um"),
}
EPITHETS = _words(
    "aurata borealis caerulea cineta clara corollata cristata decora delicata "
    "eburnea elegantula ferrea florida formosula fulgens gemmata glaucina grandior "
    "hesperina ignita illustrata insignita janthina lacustris laeta limbata lucida "
    "lunulata maculosa marginella maritima mirifica montivaga nebulosa nigrella "
    "nivalis obscurior ocellaris ornatula pallescens parvula picturata plumosa "
    "praestans pulchrior punctulata purpurella radiata regia rivularis rosacea "
    "rutila sanguinea scripta serena signata silvicola solitaria splendida "
    "stellaris striolata superba tenella tigrina umbrosa undulosa vagans variegata "
    "velata venusta verna vespertina virescens vittata zonata"
)
SURNAMES = _words(
    "Abernethy Almgren Beaumont-Vane Castellane Dragomir Ekwall Ferrante Galbraith "
    "Hollenbeck Iwasaki Jardine Kowalczyk Lindqvist Marchetti Ngata Okonjo "
    "Pellworm Quillfeldt Rasmusson Sandoval Tremlett Ueda Vasconcelos Whitcombe "
    "Ximénez Yarrow Zellweger Müller-Aue Łaski Ørsted"
)
INITIALS = _words("A B C E F G H J K L M N P R S T W")
PLACES = (
    ("Peru", "Tambo Verde, Rio Claro", -12.8, -69.3),
    ("Brazil", "Serra do Orvalho", -22.4, -44.6),
    ("Papua New Guinea", "Mt. Kaleme, 1200 m", -6.1, 145.2),
    ("Indonesia", "Wai Lontar, Seram", -3.1, 129.5),
    ("Kenya", "Kibwara Forest", -0.3, 36.9),
    ("Madagascar", "Ambatofotsy, forêt", -18.8, 48.4),
    ("India", "Chandrapani, N. Khasi", 25.6, 91.9),
    ("Japan", "Mt. Aogami, Honshu", 36.2, 138.1),
    ("Austria", "Hochkögel, Tirol", 47.1, 11.3),
    ("Sweden", "Lövnäs, Småland", 57.2, 15.1),
    ("United Kingdom", "Thornwick Down, Kent", 51.2, 1.1),
    ("Australia", "Wirrabilla Ck, NSW", -31.5, 152.4),
    ("Mexico", "San Isidro del Monte, Chiapas", 16.9, -92.3),
    ("Costa Rica", "Quebrada Azul", 10.2, -84.1),
    ("South Africa", "Blouberg Vlei, W. Cape", -33.8, 18.6),
    ("Türkiye", "Karagöl Dağ", 40.6, 38.2),
)
WORDS = _words(
    "alis anterioribus apice atque basi breviter capite corpore cum disco duabus "
    "elongatis et fascia fere foliis fusca habitat in insula infra lata linea macula "
    "magis margine media minus nigra nitida oblonga obscure pallide parva per pilosa "
    "plerumque posticis punctis quam rufa saepe sed species statura subtus supra "
    "tenuiter tribus usque utrinque vel venis vix"
)


def pick(rng: Rng, options: tuple[str, ...]) -> str:
    """Return one of the options."""
    return options[int(rng.integers(len(options)))]


def genus_name(rng: Rng, group: str) -> str:
    """Return an invented genus, such as ``"Melandoria"``."""
    middle = pick(rng, MIDDLES) if rng.random() < 0.75 else ""
    return pick(rng, ONSETS) + middle + pick(rng, GENUS_ENDS[group])


def family_name(genus: str, group: str) -> str:
    """Return the family that an invented genus gives its name to."""
    stem = genus.rstrip("aeious")
    return f"{stem}{'aceae' if group == 'plant' else 'idae'}"


def person(rng: Rng) -> str:
    """Return an invented person, initials first."""
    second = f"{pick(rng, INITIALS)}." if rng.random() < 0.6 else ""
    return f"{pick(rng, INITIALS)}.{second} {pick(rng, SURNAMES)}"


def sentence(rng: Rng, n_words: int) -> str:
    """Return ``n_words`` of book Latin that mean nothing."""
    words = [WORDS[int(k)] for k in rng.integers(len(WORDS), size=n_words)]
    text = " ".join(words)
    return f"{text[0].upper()}{text[1:]}."
