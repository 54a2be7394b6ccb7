"""Identifications: the terms by which a person names a specimen, or takes its name away."""

from __future__ import annotations

from collections.abc import Mapping

from wunderkammer.vocab.ranks import RANKS, classification, name_parts

_OF_THE_NAME = (
    "acceptedNameUsage",
    "genericName",
    "higherClassification",
    "identificationQualifier",
    "infraspecificEpithet",
    "scientificNameAuthorship",
    "scientificNameID",
    "taxonID",
    "verbatimTaxonRank",
    "vernacularName",
)
"""Terms that say more about one name, and nothing true about another."""

NAMING_TERMS = (
    *RANKS,
    *_OF_THE_NAME,
    "specificEpithet",
    "scientificName",
    "taxonRank",
    "identifiedBy",
    "dateIdentified",
)
"""Every term that an identification may state."""


def named(
    rank: str, name: str, present: Mapping[str, str], wider: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the terms of an identification at a rank.

    Parameters
    ----------
    rank : str
        One of :data:`~wunderkammer.vocab.ranks.RANKS`, or any other column.
    name : str
        A species is named in full, ``Genus epithet``.
    present : mapping of str to str
        Terms of the medium as they are now.
    wider : mapping of str to str, optional
        Taxa the name belongs to, by rank; those that differ are stated too.

    Returns
    -------
    dict of str to str
        What is narrower than the rank is empty where it had a value, for it belonged
        to the other name.

    Raises
    ------
    ValueError
        If a species is not named by genus and epithet.

    Examples
    --------
    >>> named("genus", "Aglais", {"genus": "Vanessa", "specificEpithet": "atalanta"})
    {'scientificName': 'Aglais', 'genus': 'Aglais', 'specificEpithet': ''}
    """
    if rank not in RANKS:
        return {rank: name}
    terms = {"scientificName": name}
    terms |= {one: text for one, text in (wider or {}).items() if text != present.get(one, "")}
    terms |= _own(rank, name, present)
    if present.get("taxonRank"):
        terms["taxonRank"] = rank
    return terms | _emptied(rank, present, terms)


def unnamed(rank: str, present: Mapping[str, str]) -> dict[str, str]:
    """Return the terms of an identification that goes no further than above a rank.

    Parameters
    ----------
    rank : str
        Where the name is unknown.
    present : mapping of str to str
        Terms of the medium as they are now: the nearest wider taxon is its name then.

    Examples
    --------
    >>> unnamed("species", {"genus": "Vanessa", "specificEpithet": "atalanta"})
    {'scientificName': 'Vanessa', 'genus': 'Vanessa', 'specificEpithet': ''}
    """
    if rank not in RANKS:
        return {rank: ""}
    above = [one for one in RANKS[: RANKS.index(rank)] if one != "subgenus"]
    known = [(one, name) for one, name in classification(present) if one in above]
    if known:
        return named(*known[-1], present)
    terms = {"scientificName": "", rank: ""}
    return terms | _emptied(rank, present, terms)


def _own(rank: str, name: str, present: Mapping[str, str]) -> dict[str, str]:
    """Return the terms that hold the name itself."""
    if rank not in {"species", "subspecies"}:
        return {rank: name}
    parts, words = name_parts(name), name.split()
    # a name of unusual spelling is taken word by word
    genus = parts.genus or words[0]
    epithets = [parts.specific, parts.infraspecific] if parts.genus else [*words[1:], ""]
    wanted = epithets[: 1 if rank == "species" else 2]
    if not all(wanted) or len(wanted) < (1 if rank == "species" else 2):
        raise ValueError(f"'{name}' is no name of a {rank}.")
    own = {"genus": genus, "specificEpithet": wanted[0]}
    if rank == "subspecies":
        own["infraspecificEpithet"] = wanted[1]
    full = {"species": f"{genus} {wanted[0]}", "subspecies": name}
    return own | {one: full[one] for one in full if present.get(one)}


def _emptied(rank: str, present: Mapping[str, str], stated: Mapping[str, str]) -> dict[str, str]:
    """Return, empty, what has a value and says more than the rank or belongs to the old name."""
    narrower = [*RANKS[RANKS.index(rank) + 1 :], *_OF_THE_NAME]
    if rank not in {"species", "subspecies"}:
        narrower.append("specificEpithet")
    return {one: "" for one in narrower if present.get(one) and one not in stated}
