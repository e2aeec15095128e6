"""Make one bill of materials of scanned code: what it depends on is every model and data set that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit.render.bom.bill import Link, Part, reference
from openness_audit.render.bom.build import Beside, model_of, named_at, of_items
from openness_audit.render.bom.parts import HUB, commit
from openness_audit.render.bom.places import web
from openness_audit.render.escape import clean
from openness_audit.wording import plural

if TYPE_CHECKING:
    from openness_audit.model.batch import Batch
    from openness_audit.model.scan import DatasetUseDoc, Scan
    from openness_audit.render.bom.bill import Bom, Place


def of_scan(scan: Scan, batch: Batch) -> Bom:
    """Give the bill of materials of scanned code.

    Args:
        scan: what was found in the code. Its data sets were not looked up: nothing but their names is known.
        batch: the audits of its models, with where the code names each.
    """
    paths = [clean(path) for path in scan.paths if path != "."]
    name = f"code in {', '.join(paths)}" if paths else "the scanned code"
    app = Part(ref=reference("app", name), kind="app", name=name, comment=f"{plural(scan.files, 'file')} scanned")
    parts, seen = [app], dict[str, tuple["Place", ...]]()
    for row in scan.datasets:
        part = _data(row)
        parts.append(part)
        seen[part.ref] = (*seen.get(part.ref, ()), *named_at(row.places))
    used = dict.fromkeys((*map(model_of, batch.items), *seen))
    links = tuple(Link(app.ref, "depends-on", ref, "named in the code") for ref in used)
    return of_items(name, batch.items, Beside(parts=tuple(parts), links=links, seen=seen, as_of=scan.as_of))


def _data(row: DatasetUseDoc) -> Part:
    """Describe a data set that code names; one that an audited model was trained on is the same part."""
    url = web(f"{HUB}/datasets/{row.id}")
    return Part(
        ref=reference("data", row.id, row.id),
        kind="data",
        name=clean(row.id),
        url=url,
        account=clean(row.id.partition("/")[0]) if "/" in row.id else "",
        commit=commit(row.revision) if row.pinned == "commit" else "",
        comment="named by code; not looked up",
    )
