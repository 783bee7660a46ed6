#!/usr/bin/env python3
"""Compares a corpus with two voice activity detectors, its audio with its sources, and loudness with pyloudnorm.

Usage: measure.py VOXKEEP SOURCES CORPUS
The corpus is one of format csv at 8 kHz, made of the folder of sources. Ends with 1 where a bound is missed.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pyloudnorm
import scipy.signal
import soundfile
import webrtcvad

from silero import Silero

try:
    from pesq import NoUtterancesError, pesq
except ImportError:
    # It has to be compiled, which not every machine can.
    pesq = None

RATE = 8000
GRID = RATE // 100
# PESQ takes a second a minute of audio, so it hears a part.
PESQ_STEP = 20
LOUDNESS_STEP = 10
FAILURES = []


def expect(condition, text):
    if not condition:
        FAILURES.append(text)
        print(f"MISSED: {text}")


def ours(row, count):
    labels = np.zeros(count, bool)
    for start, end in json.loads(row["segments"]):
        labels[round(start / GRID):round(end / GRID)] = True
    return labels


def webrtc(samples, count):
    labels = np.zeros(count, bool)
    vad = webrtcvad.Vad(2)
    size = 3 * GRID
    for start in range(0, len(samples) - size + 1, size):
        speech = vad.is_speech(samples[start:start + size].tobytes(), RATE)
        labels[start // GRID:start // GRID + 3] = speech
    return labels


def silero(detector, samples, count):
    likely = detector.probabilities(samples / 32768, RATE) > 0.5
    centers = (np.arange(count) * GRID + GRID // 2) // 256
    return likely[np.minimum(centers, len(likely) - 1)]


def compare(rows, corpus):
    detector = Silero()
    pairs = {("voxkeep", "webrtcvad"): [], ("voxkeep", "silero"): [], ("webrtcvad", "silero"): []}
    for row in rows:
        samples, rate = soundfile.read(os.path.join(corpus, row["path"]), dtype="int16")
        assert rate == RATE and len(samples) == int(row["frames"]), row["id"]
        count = len(samples) // GRID
        labels = {"voxkeep": ours(row, count), "webrtcvad": webrtc(samples, count),
                  "silero": silero(detector, samples, count)}
        for first, second in pairs:
            pairs[first, second].append((labels[first], labels[second]))
    print("| | agree | of the second's speech, the first finds | of the first's speech, the second finds |")
    print("|---|---:|---:|---:|")
    for (first, second), found in pairs.items():
        a = np.concatenate([pair[0] for pair in found])
        b = np.concatenate([pair[1] for pair in found])
        agreement = 100 * np.mean(a == b)
        print(f"| {first} and {second} | {agreement:.1f} % | {100 * np.mean(a[b]):.1f} % | "
              f"{100 * np.mean(b[a]):.1f} % |")
        if first == "voxkeep":
            expect(np.mean(a[b]) > 0.9, f"{first} finds nine tenths of the speech that {second} does")


def quality(rows, sources, corpus):
    if pesq is None:
        print("PESQ: skipped, as it is not installed")
        return
    scores = []
    for row in rows[::PESQ_STEP]:
        source, _ = soundfile.read(os.path.join(sources, row["source"]))
        leveled, _ = soundfile.read(os.path.join(corpus, row["path"]))
        leveled = leveled * np.sqrt(np.mean(source ** 2) / np.mean(leveled ** 2))
        try:
            scores.append(pesq(RATE, source, leveled, "nb"))
        except NoUtterancesError:
            continue
    print(f"PESQ (narrow band) of {len(scores)} leveled files against their sources: least {min(scores):.3f}, "
          f"mean {np.mean(scores):.3f}")
    expect(min(scores) >= 4.4, "PESQ is at least 4.4")


def loudness(voxkeep, rows, sources):
    chosen = [os.path.join(sources, row["source"]) for row in rows[::LOUDNESS_STEP]]
    worst, count = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        report = subprocess.run(
            [voxkeep, "convert", "--level", "lufs:-23", "--level-mode", "tagged", "--output", folder, "--json",
             "--quiet", *chosen], capture_output=True, text=True)
        for line in report.stdout.splitlines():
            row = json.loads(line)
            if row["levelMethod"] != "lufs" or row["levelMeasured"] is None:
                continue
            samples, rate = soundfile.read(row["file"])
            samples = scipy.signal.resample_poly(samples, 48_000 // rate, 1, window=("kaiser", 12.0))
            # pyloudnorm takes a last block that is not whole for one; BS.1770 has blocks of 400 ms every 100 ms.
            samples = samples[:(len(samples) - 19_200) // 4800 * 4800 + 19_200]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = pyloudnorm.Meter(48_000).integrated_loudness(samples)
            if np.isfinite(theirs):
                worst, count = max(worst, abs(theirs - row["levelMeasured"])), count + 1
    print(f"Loudness of {count} files against pyloudnorm at 48 kHz: {worst:.3f} LU at most")
    expect(count > 0 and worst <= 0.1, "loudness is within 0.1 LU")


def main():
    voxkeep, sources, corpus = sys.argv[1:]
    with open(os.path.join(corpus, "corpus.csv"), newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["active_speech_dbov"]]
    compare(rows, corpus)
    quality(rows, sources, corpus)
    loudness(voxkeep, rows, sources)
    sys.exit(1 if FAILURES else 0)


if __name__ == "__main__":
    main()
