"""Where the halves meet: what is observed becomes the forecast's initial stock, once a person accepts it."""

from kitaran.observatory.proposal import Proposal
from kitaran.observatory.proposals import Proposals
from kitaran.observatory.register import Register, RegisterCell
from kitaran.observatory.register_file import read_register
from kitaran.observatory.register_template import template

__all__ = ["Proposal", "Proposals", "Register", "RegisterCell", "read_register", "template"]
