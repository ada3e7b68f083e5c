"""Names of the given data in the project's vocabulary."""

from __future__ import annotations

VEHICLE_CLASS = {
    "2_wheeler": "two_wheeler",
    "3_wheeler": "three_wheeler",
    "2_3_wheeler": "two_three_wheeler",
    "car": "car",
    "suv": "car",
    "taxi": "car",
    "van": "van",
    "minibus_jeep_van": "van",
    "bus": "bus",
    "minibus": "bus",
    "truck": "truck",
    "bus_truck": "bus_truck",
    "4_wheeler": "four_wheeler",
    "all": "all",
    "other": "other",
    "special": "other",
    "e_bicycle": "e_bike",
    "government": "government",
    "public_transport": "public_transport",
    "4_wheeler_public": "public_transport",
}

CHEMISTRY = {
    "NMC 111": "NMC111",
    "NMC 532": "NMC532",
    "NMC 622": "NMC622",
    "NMC 721": "NMC721",
    "NMC 811": "NMC811",
    "NMCA 89:4:4:3": "NMCA",
    "NCA": "NCA",
    "LFP": "LFP",
    "LMO": "LMO",
    "SIB": "sodium_ion",
}

# Countries and groups of the ETM repository. The members of its groups are not listed there: which subregion
# a group stands for is our reading.
ETM_REGION = {
    "Australia": ("AUS",),
    "China": ("CHN",),
    "India": ("IND",),
    "Indonesia": ("IDN",),
    "Iran": ("IRN",),
    "Japan": ("JPN",),
    "Malaysia": ("MYS",),
    "New Zealand": ("NZL",),
    "Pakistan": ("PAK",),
    "Philippines": ("PHL",),
    "Russia": ("RUS",),
    "Singapore": ("SGP",),
    "South Korea": ("KOR",),
    "Thailand": ("THA",),
    "Turkey": ("TUR",),
    "Vietnam": ("VNM",),
    "Eastern Europe/Central Asia": ("NCA",),
    "Rest of South Asia/Oceania": ("SSWA", "PAC"),
}

ETM_GROUP = {
    "Eastern Europe/Central Asia": "ETM_EASTERN_EUROPE_CENTRAL_ASIA",
    "Rest of South Asia/Oceania": "ETM_REST_SOUTH_ASIA_OCEANIA",
}

IEA_AGGREGATE = {"World": "WORLD", "Rest of the world": "REST_OF_WORLD", "Asia Pacific": "IEA_ASIA_PACIFIC"}
