"""The campaign of every run: short times, a fast trunk, so that much is under way at once."""

from pathlib import Path

import yaml

CALLS_PER_SECOND = 5
MAX_CALLS = 12
RING_SECONDS = 5
CALL_SECONDS = 12
GRACE_SECONDS = 10
DELIVERED_AFTER_SECONDS = 2.0
PROMPT = "es_MX/prueba"
PROMPT_SECONDS = 3.35
ATTEMPTS_PER_DAY = 2


def write(file: Path) -> Path:
    """Write the campaign file and return it."""
    content = {
        "campaign": "caos",
        "law": "none",
        "prompt": PROMPT,
        "paid_prompt": None,
        "numbers": {"kinds": ["mobile"]},
        "trunks": [{"calls_per_second": CALLS_PER_SECOND, "max_calls": MAX_CALLS}],
        "timing": {
            "ring_seconds": RING_SECONDS,
            "call_seconds": CALL_SECONDS,
            "grace_seconds": GRACE_SECONDS,
            "delivered_after_seconds": DELIVERED_AFTER_SECONDS,
        },
        "retry": {
            "attempts_per_day": ATTEMPTS_PER_DAY,
            "spacing_minutes": 0.1,
            "after": {"busy": 0, "no_answer": 0},
        },
        "source": {"where": {"activo": 1, "eliminar": 0}},
    }
    file.write_text(yaml.safe_dump(content))
    return file
