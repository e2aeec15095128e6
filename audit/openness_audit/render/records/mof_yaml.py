"""Write an audit as a file of the Model Openness Tool (github.com/lfai/model_openness_tool)."""

from __future__ import annotations

from openness_audit.model.audit import Audit
from openness_audit.profiles.data import load_profiles
from openness_audit.profiles.mot_yaml import Release, write_mot
from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view

_MOST = 300  # characters of a path that is written


def _address(audit: Audit, path: str) -> str:
    """Give the address of a file of the model at the audited commit."""
    return f"https://huggingface.co/{audit.subject.id}/blob/{audit.subject.sha or 'main'}/{path[:_MOST]}"


def _license(audit: Audit) -> dict[str, dict[str, str]]:
    """Give the licence of the release, and where its text stands."""
    own = audit.licenses.own.expression
    if own == "NONE":
        return {}
    text = next((text.path for text in audit.licenses.texts if text.expression == own), None)
    path = _address(audit, text) if text and audit.subject.kind == "model" else ""
    return {"distribution": {"name": own, "path": path}}


def _paths(audit: Audit) -> dict[str, str]:
    """Give each component the address of the first evidence for it."""
    urls = {row.id: row.url for row in audit.evidence if row.url.startswith("https://")}
    cited = {row.id: next((urls[key] for key in row.evidence if key in urls), None) for row in audit.components}
    rows = audit.profiles.mof.components if audit.profiles.mof else ()
    found = {row.name: next((url for name in row.by if (url := cited.get(name))), None) for row in rows}
    return {name: url for name, url in found.items() if url}


def _lead(audit: Audit) -> str:
    """Say in comments what the file was made from: it is no claim of the publisher."""
    tool = audit.tool
    lines = [
        view.offline_words(audit),
        f"{tool.name} {tool.version}, rules {tool.ruleset.version}, as of {audit.as_of}: evidence, not certification",
        audit.verdict.sentence,
    ]
    return "".join(f"# {clean(line)}\n" for line in lines if line).encode("ascii", "backslashreplace").decode()


def render(audit: Audit) -> str:
    """Give the YAML; what is not determined is named as such, and reads back as not determined."""
    profile = audit.profiles.mof
    if profile is None:
        return "# this audit was made without the profile of the Model Openness Framework\n"
    producer, _, name = audit.subject.id.rpartition("/")
    code = next((repo.url for repo in audit.code_repositories if repo.whose == "self"), "")
    release = Release(
        name=name,
        producer=producer if audit.subject.kind == "model" and producer else "not stated",
        license=_license(audit),
        date=(audit.subject.last_modified or "")[:10],
        type=load_profiles().mof.types.get(audit.subject.pipeline_tag or "", ""),
        repository=code if code.startswith("https://") else "",
        huggingface=audit.subject.url if audit.subject.kind == "model" else "",
    )
    return _lead(audit) + write_mot(release, profile, _paths(audit))
