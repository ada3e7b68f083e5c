"""The words of the rule book in the reader's language: steps, subjects, cells and days."""

from __future__ import annotations

from kitaran.web.language import gettext as _
from kitaran.web.move.words import confidence_words, seen_words


def stage_words(stage: str) -> str:
    """A step of the decision, or what else a statement serves."""
    return {
        "waste": _("Is it waste?"),
        "hazardous": _("Is it hazardous?"),
        "control": _("May it cross?"),
        "transport": _("Dangerous goods"),
        "papers": _("Papers, codes and time limits"),
        "policy": _("Policies on batteries"),
        "background": _("Background"),
        "authority": _("Whom to ask"),
    }[stage]


def sure_words(confidence: str, seen: str) -> str:
    """How sure a statement is, in one phrase; empty cells are left out."""
    parts = [confidence_words(confidence)] if confidence else []
    parts += [seen_words(seen)] if seen else []
    return ", ".join(parts)


def in_force_words(first: str, last: str) -> str:
    """From when to when it is in force."""
    if first and last:
        return _("in force from %(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("in force from %(first)s") % {"first": first}
    if last:
        return _("in force until %(last)s") % {"last": last}
    return _("no date in the table")


def known_words(first: str, last: str) -> str:
    """From when to when this rule set knew it."""
    if first and last:
        return _("known here from %(first)s to %(last)s") % {"first": first, "last": last}
    return _("known here since %(first)s") % {"first": first} if first else ""


def about_words(field: str) -> str:
    """What a statement is about; the field's own name where there are no words for it."""
    role, _dot, effect = field.partition(".")
    if effect:
        known = {"import": _("Import"), "export": _("Export"), "transit": _("Transit")}
        return f"{known.get(role, role)}: {effect_words(effect)}"
    return _about().get(field) or _("Field %(name)s") % {"name": field.replace("_", " ")}


def effect_words(effect: str) -> str:
    """What a State does at its border."""
    return {
        "bar": _("barred"),
        "open": _("barred, but not clear for which items"),
        "permit": _("needs a permit"),
        "note": _("not barred as far as read; one question is open"),
        "free": _("not barred"),
    }.get(effect, effect)


def _about() -> dict[str, str]:
    return {
        "rule": _("Rule of the decision"),
        "agreement": _("Agreement under Article 11 of the Basel Convention"),
        "basel_party": _("Party to the Basel Convention"),
        "annex_vii": _("Listed in Annex VII of the Basel Convention"),
        "oecd": _("Member of the OECD"),
        "ban_amendment": _("Ratified the Ban Amendment"),
        "waigani": _("Waigani Convention"),
        "used_is_waste": _("Counts used batteries as waste"),
        "hazardous_groups": _("Lists these batteries as hazardous waste"),
        "non_hazardous_scrap": _("Lists this scrap as not hazardous"),
        "black_mass_standard": _("Has a product standard for black mass"),
        "black_mass_waste": _("Counts black mass as waste"),
        "permit_always": _("Asks for a permit even where others do not"),
        "reuse_not_waste": _("Says that an item for reuse is not waste"),
        "circular_resource": _("Counts such batteries as a circular resource, not as waste"),
        "remanufacturing_scope": _("Scope of the remanufacturing exclusion"),
        "e_waste_by_national_law": _("Leaves e-waste to each member"),
        "annex_xiv": _("Applies Annex XIV to used batteries"),
        "def_waste": _("Definition of waste"),
        "def_hazardous_waste": _("Definition of hazardous waste"),
        "liion_hazard": _("Are lithium-ion batteries hazardous waste?"),
        "leadacid_hazard": _("Are lead-acid batteries hazardous waste?"),
        "import_hazardous_waste": _("Import of hazardous waste"),
        "import_used_batteries": _("Import of used batteries"),
        "export_permit": _("Permit for export"),
        "transit_rule": _("Rule on transit"),
        "competent_authority": _("Competent authority"),
        "authorities": _("Authority"),
        "epr_battery_ewaste": _("Producer responsibility"),
        "second_life_standard": _("Standard for second life"),
        "traceability": _("Tracing of batteries"),
        "licence_recyclers": _("Licence of recyclers"),
        "ev_policy_battery_eol": _("Policy on the end of a vehicle battery's life"),
        "leadacid_rules": _("Rules on lead-acid batteries"),
        "transport_dg_law": _("Law on dangerous goods"),
        "deadlines": _("Time limit"),
        "documents": _("Paper"),
        "dangerous_goods": _("Dangerous goods"),
        "eu_waste_list": _("List of waste of the European Union"),
        "eu_battery_regulation": _("Battery regulation of the European Union"),
        "hs_codes": _("Customs code"),
        "operations": _("Code of an operation"),
        "y_codes": _("Code of a waste stream"),
        "form_codes": _("Code on the forms"),
        "paper_blocks": _("Block of a paper"),
        "papers": _("Words to sign on a paper"),
        "annex_II": _("Basel Convention, Annex II"),
        "annex_IV": _("Basel Convention, Annex IV"),
        "annex_VIII": _("Basel Convention, Annex VIII"),
        "annex_IX": _("Basel Convention, Annex IX"),
        "documentation": _("What the papers must show"),
        "classification": _("Classification"),
        "testing": _("Testing"),
        "prohibition": _("Prohibition"),
        "procedure": _("Procedure"),
        "status": _("Status"),
        "definition": _("Definition"),
        "parties": _("Parties"),
        "scope": _("Scope"),
        "conflicting_definitions": _("Definitions that clash"),
        "waste_indicator": _("Sign that it is waste"),
        "non_waste_condition": _("Condition for non-waste"),
    }


def cell_words(name: str) -> str:
    """The label of a cell of a statement."""
    return {
        "when": _("Applies when"),
        "then": _("Then"),
        "proofs": _("Papers that prove it"),
        "question": _("Question that it leaves"),
        "settles": _("What would settle it"),
        "authority": _("Whom to ask"),
        "applies_to": _("Reaches"),
        "kinds": _("Only these items"),
        "groups": _("Only these chemistries"),
        "purposes": _("Only these purposes"),
        "permit": _("Permit"),
        "days": _("Days for which the permit is good"),
        "cleared_by": _("Cleared by"),
        "note": _("Note"),
        "exporter": _("From"),
        "importer": _("To"),
        "contact": _("Address as published, to be confirmed"),
        "role": _("Role"),
        "who": _("Who"),
        "value": _("Time"),
        "unit": _("Unit"),
        "counted_from": _("Counted from"),
        "states": _("What it must state"),
        "per": _("One for each"),
        "modes": _("Modes of transport"),
        "instrument": _("Instrument"),
        "evidence": _("Evidence"),
        "completed_by": _("Filled by"),
        "fields": _("What it asks"),
        "hazardous": _("Hazardous"),
        "applies": _("Applies from"),
    }.get(name) or _("Column %(name)s") % {"name": name.replace("_", " ")}
