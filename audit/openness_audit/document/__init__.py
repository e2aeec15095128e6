"""The audit document, of which every report is a rendering: facts and judgement in words, cited by id. Pure."""
