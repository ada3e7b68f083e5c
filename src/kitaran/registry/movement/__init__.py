"""The shipment procedure: what an exporter asks, what authorities answer, what then crosses and arrives.

notifying, consenting   a notification and the answers of each authority concerned, each with its clock
shipping, border        a movement from its announcement to the border
arriving                receipt, certificate of completion, failure and take-back
dossier                 the documents of the law's table, as evidence
corridors               pilot agreements, and what they publish
restrictions            lists that the user loads: a match stops
"""
