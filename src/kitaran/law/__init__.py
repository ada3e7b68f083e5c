"""What the law says: may this battery cross this border?

Rules and facts are dated, cited tables; a small three-valued evaluator applies them in the law's order:
waste, hazardous, control, transport, documents. Unknown stays unknown and never becomes yes. Nothing here is
a determination by a competent authority.

    from kitaran import law
    decision = law.decide(law.read_case({"as_of": "2026-06-01", "facts": {...}}))
"""

from kitaran.law.book import Book, packaged_book
from kitaran.law.case import Case, read_case, read_cases
from kitaran.law.decision import Decision, decide

__all__ = ["Book", "Case", "Decision", "decide", "packaged_book", "read_case", "read_cases"]
