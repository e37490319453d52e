"""`python -m vocabulary FILE`: prints what a generated file should hold. `cargo xtask codegen` runs it."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from vocabulary import reference, schema, typescript
from vocabulary.reading import read

SAMPLES = Path(__file__).parents[3] / "tests/golden/components.json"

FILES: Mapping[str, Callable[[], str]] = {
    "components.md": lambda: reference.write(read(), json.loads(SAMPLES.read_text("utf-8"))),
    "components.schema.json": lambda: schema.write(read()),
    "vocabulary.ts": lambda: typescript.write(read()),
    "vocabulary.samples.ts": lambda: typescript.write_samples(json.loads(SAMPLES.read_text("utf-8"))),
}

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # it is a TextIOWrapper, whatever the locale
    sys.stdout.write(FILES[sys.argv[1]]())
