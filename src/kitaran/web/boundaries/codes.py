"""ISO 3166-1 numeric codes, by which Natural Earth's TopoJSON names its shapes, as alpha-3 codes."""

ALPHA3 = {
    "004": "AFG", "016": "ASM", "031": "AZE", "036": "AUS", "050": "BGD", "051": "ARM", "064": "BTN",
    "090": "SLB", "096": "BRN", "104": "MMR", "116": "KHM", "144": "LKA", "156": "CHN", "158": "TWN",
    "184": "COK", "242": "FJI", "258": "PYF", "268": "GEO", "296": "KIR", "316": "GUM", "344": "HKG",
    "356": "IND", "360": "IDN", "364": "IRN", "392": "JPN", "398": "KAZ", "408": "PRK", "410": "KOR",
    "417": "KGZ", "418": "LAO", "446": "MAC", "458": "MYS", "462": "MDV", "496": "MNG", "520": "NRU",
    "524": "NPL", "540": "NCL", "548": "VUT", "554": "NZL", "570": "NIU", "580": "MNP", "583": "FSM",
    "584": "MHL", "585": "PLW", "586": "PAK", "598": "PNG", "608": "PHL", "626": "TLS", "643": "RUS",
    "702": "SGP", "704": "VNM", "762": "TJK", "764": "THA", "776": "TON", "792": "TUR", "795": "TKM",
    "798": "TUV", "860": "UZB", "882": "WSM",
}  # fmt: skip
