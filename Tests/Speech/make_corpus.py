#!/usr/bin/env python3
"""Makes the audio of a small, hostile corpus and describes it in recordings.json.

Usage: make_corpus.py OUTPUT [--format FORMAT] [--split] [--text all|some|none] [--shard-size BYTES]
"""
import argparse
import json
import os

import numpy as np
import soundfile

FACTS = ["pbx", "extension", "caller", "date", "verdict"]
HOSTILE = [
    'he said "hi", and\r\nleft', "a/b\\c", "émoji 😀 \u2028 end", "=1+1", "\x01\x1f\t", "0123", "2026-07-01",
    "2026-07-01T10:00:00+08:00", "2026-07-01 10:00", "", "null", "\u0301\"quote", "," * 3,
]
# A speaker whose name begins with another's and a hyphen, and identifiers alike, break a careless order;
# so do identifiers that name a split.
SPEAKERS = ["c", "c-a", "c0"]
IDS = ["r", "r-0", "r-1", "test-1", "dev_2", "0007"]


def folder(audio_format, split):
    if audio_format != "huggingface":
        return "audio"
    return {"dev": "validation", None: "train"}.get(split, split) + "/audio"


def make(arguments):
    rows = []
    random = np.random.default_rng(1)
    for speaker_number, speaker in enumerate(SPEAKERS):
        split = ["train", "dev", "test"][speaker_number] if arguments.split else None
        for number, name in enumerate(IDS):
            # One split has whole seconds only, so that a careless manifest has other types there.
            rate = [8000, 16000][(speaker_number + number) % 2]
            frames = rate * (number + 1) if speaker == "c0" else rate + 12345 * (number + 1) + number
            silent = number == 2
            samples = np.zeros(frames, np.int16)
            segments = []
            if not silent:
                edges = [1, frames // 3, frames // 3 + 7, frames - (0 if number % 2 else 11)]
                segments = [[edges[0], edges[1]], [edges[2], edges[3]]][: 1 + number % 2]
                for start, end in segments:
                    samples[start:end] = random.normal(0, 2000, end - start).astype(np.int16)
            identifier = f"{speaker}_{name}"
            encoding = "wav" if number % 3 == 0 else "flac"
            path = f"{folder(arguments.format, split)}/{identifier}.{encoding}"
            full = os.path.join(arguments.output, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            soundfile.write(full, samples, rate, subtype="PCM_16")
            text = f"words of {name}" if speaker_number else 'one "two"\nthree <s> four 😀'
            known = arguments.text == "all" or (arguments.text == "some" and number % 2)
            values = ["", "1000", HOSTILE[(speaker_number * 6 + number) % len(HOSTILE)],
                      "2026-07-01T10:00:00+08:00" if number else "", "valid"]
            whole = speaker == "c0"
            rows.append({
                "id": identifier, "speaker": speaker, "split": split, "path": path, "encoding": encoding,
                "size": os.path.getsize(full), "sampleRate": rate, "channels": 1, "frames": frames,
                "segments": segments, "activeSpeech": None if silent or whole else -26.25,
                "activity": 0 if silent else 100 if whole else 33.3, "rms": None if silent else -30.5,
                "peak": None if silent else 0 if whole else -1.25, "clippedSamples": 0,
                "offset": 0 if whole else 1e-7, "signalToNoise": None if whole else 30.75,
                "transcript": text if known else None,
                "facts": [[n, v] for n, v in zip(FACTS, values) if n != "pbx" or number % 2],
            })
    rows.sort(key=lambda row: (row["speaker"], row["id"]))
    return {"facts": FACTS, "shardSize": arguments.shard_size, "recordings": rows}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("output")
    parser.add_argument("--format", default="csv")
    parser.add_argument("--split", action="store_true")
    parser.add_argument("--text", choices=["all", "some", "none"], default="some")
    parser.add_argument("--shard-size", type=int, default=200000)
    options = parser.parse_args()
    os.makedirs(options.output, exist_ok=True)
    corpus = make(options)
    with open(os.path.join(options.output, "recordings.json"), "w") as file:
        json.dump(corpus, file)
