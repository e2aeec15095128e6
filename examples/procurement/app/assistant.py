"""The helpdesk assistant."""

from transformers import pipeline

MODEL = "quarry/quarry-7b"
answer = pipeline("text-generation", model=MODEL)
