"""A finished collection whose page finds by a photograph by itself."""

import shutil

import wunderkammer

TOML = """
[[features]]
encoder = "colour-histogram"

[[features]]
encoder = "efficientnet-lite0"

[photograph]
features = "efficientnet-lite0"
n_components = 20
"""


def make(root, finished):
    """Return a copy of a finished collection that a network has looked at too."""
    shutil.copytree(finished.root, root, copy_function=shutil.copy)
    path = root / "collection.toml"
    text = path.read_text("utf-8")
    before, _, rest = text.partition("\n[features]\n")
    after = rest[rest.index("\n[embedding]\n") :]
    path.write_text(before + after + TOML, "utf-8")
    made = wunderkammer.open(root)
    made.run(n_workers=0)
    return made
