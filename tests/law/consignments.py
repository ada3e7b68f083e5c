"""Consignments with parties, items and packages; every text is a mark that stands nowhere else."""

from __future__ import annotations

from typing import Any

NAMES = (
    "บริษัท แบตเตอรี่ไทย จำกัด",
    "ບໍລິສັດ ແບັດເຕີຣີ ລາວ",
    "ក្រុមហ៊ុនថ្មកម្ពុជា",
    "বাংলাদেশ ব্যাটারি লিমিটেড",
    "ශ්‍රී ලංකා බැටරි සමාගම",
    "འབྲུག་རྒྱལ་ཁབ་",
    "राष्ट्रीय बैटरी निगम",
    "日本電池リサイクル株式会社",
    "한국배터리재활용주식회사",
)


def party(number: int) -> dict[str, str]:
    """A party with a name in one of the region's scripts."""
    name = NAMES[number % len(NAMES)]
    return {
        "name": name,
        "registration": f"REG{number}",
        "address": f"{number} Rama Road\nBangkok",
        "contact": f"Person{number}",
        "telephone": f"+66 2 {number}",
        "email": f"p{number}@battery.example",
    }


def item(number: int) -> dict[str, Any]:
    """A tested battery."""
    return {
        "id": f"TH-{number:05}",
        "name": f"Pack{number}",
        "company": f"Maker{number}",
        "company_address": f"Makerstreet{number}",
        "year": 2019,
        "energy_kwh": 40.0,
        "mass_kg": 303.0,
        "soc_pct": 28.0,
        "soh_pct": 81.5,
        "package": f"P{number // 2}",
        "un383_summary": f"SUM{number % 3}",
        "test": {
            "kinds": f"kinds{number}",
            "inspection": f"looked{number}",
            "insulation_mohm": 12.4,
            "capacity_ah": 92.1,
            "hazardous_substances": f"none{number}",
            "instrument": f"meter{number}",
            "tester": f"tester{number}",
            "date": "2026-05-20",
            "result": f"works{number}",
        },
    }


def consignment(items: int) -> dict[str, Any]:
    """Particulars with a number of items, two to a package."""
    rows = [item(number) for number in range(items)]
    packages = [
        {
            "id": name,
            "type": "crate",
            "size": "2 x 1 x 1 m",
            "gross_kg": 690.0,
            "volume_m3": 1.8,
            "un_mark": "4A",
        }
        for name in dict.fromkeys(row["package"] for row in rows)
    ]
    roles = ("holder", "exporter", "importer", "generator", "facility", "forwarder")
    return {
        "reference": "REFERENCE",
        "intended_use": "INTENDED",
        "parties": {role: party(number) for number, role in enumerate(roles)},
        "carriers": [{**party(6), "means": "sea"}, {**party(7), "means": "road", "transfer": "2026-06-03"}],
        "contract": {"kind": "warranty_return", "number": "C77", "date": "2026-04-01", "with": "WITHWHOM"},
        "notification": {
            "number": "N004211",
            "kind": "multiple",
            "shipments": 12,
            "serial": 3,
            "volume_m3": 9.0,
            "last_departure": "2027-05-31",
            "special_handling": "UPRIGHT",
            "annexes": ["ANNEXA", "ANNEXB"],
        },
        "waste": {
            "composition": "COMPOSITION",
            "process": "PROCESS",
            "technology": "TECHNOLOGY",
            "reason_for_export": "REASON",
            "oecd_code": "OECDCODE",
            "export_code": "EXPORTCODE",
            "import_code": "IMPORTCODE",
            "other_code": "OTHERCODE",
        },
        "borders": [{"country": "JP", "authority_code": "JP001", "entry": "YOKOHAMA", "exit": "OSAKA"}],
        "transport": {
            "document": "BL99",
            "forwarder_reference": "FWD1",
            "conveyance": "VESSEL",
            "loading": "LOADING",
            "discharge": "DISCHARGE",
            "destination": "DESTINATION",
            "unit": "TGHU1",
            "unit_type": "40HC",
            "seal": "SEAL1",
            "tare_kg": 3900.0,
            "handling": "HANDLING",
        },
        "emergency": {"contact": "EMERGENCY", "telephone": "+65 999"},
        "packages": packages,
        "items": rows,
    }
