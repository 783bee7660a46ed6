#!/usr/bin/env python3
"""Loads corpora with the tools that their formats are for, and holds them against the audio and a description.

Usage: check_corpus.py FORMAT=CORPUS... [--expect recordings.json]
Without a description, only what a corpus says of itself is held against its audio.
"""
import argparse
import csv
import glob
import io
import json
import os
import sys
import tarfile
from fractions import Fraction

import soundfile

import check_kaldi_data


def info(path_or_file):
    found = soundfile.info(path_or_file)
    samples, _ = soundfile.read(path_or_file, dtype="int16") if isinstance(path_or_file, str) else (None, 0)
    assert samples is None or len(samples) == found.frames
    return found


def same_length(seconds, rate, frames):
    assert round(Fraction(seconds) * rate) == frames, (seconds, rate, frames)


def utterances(row):
    """What an utterance is, told a second time: a segment, or with a transcript all of them."""
    if not (row["transcript"] or "").strip():
        return row["segments"]
    return [[row["segments"][0][0], row["segments"][-1][1]]] if row["segments"] else [[0, row["frames"]]]


def parts(expected):
    found = {}
    for row in expected or []:
        found.setdefault(row["split"], []).append(row)
    return found


def facts(row):
    return dict(map(tuple, row["facts"]))


def check_lhotse(root, expected, names):
    import lhotse
    from lhotse.qa import validate_recordings_and_supervisions
    from lhotse.recipes.utils import read_manifests_if_cached
    from lhotse.utils import compute_num_samples

    paths = glob.glob(f"{root}/recordings*.jsonl.gz")
    assert paths
    for path in paths:
        ending = os.path.basename(path)[len("recordings"):-len(".jsonl.gz")]
        split = ending[1:] or None
        if split:
            cached = read_manifests_if_cached([split], root)
            assert set(cached[split]) == {"recordings", "supervisions"}, cached
        recordings = lhotse.RecordingSet.from_jsonl_lazy(path).with_path_prefix(root)
        supervisions = lhotse.SupervisionSet.from_jsonl_lazy(f"{root}/supervisions{ending}.jsonl.gz")
        validate_recordings_and_supervisions(recordings, supervisions, read_data=True)
        recordings, supervisions = recordings.to_eager(), supervisions.to_eager()
        for recording in recordings:
            assert compute_num_samples(recording.duration, recording.sampling_rate) == recording.num_samples
            assert info(recording.sources[0].source).frames == recording.num_samples
            # Lhotse's own description of the file is the same.
            own = lhotse.Recording.from_file(recording.sources[0].source, recording_id=recording.id)
            assert own == recording, (own, recording)
        cuts = lhotse.CutSet.from_manifests(recordings=recordings, supervisions=supervisions)
        assert len(cuts) == len(recordings)
        for cut in cuts:
            assert cut.load_audio().shape[1] == cut.num_samples
        for piece in cuts.trim_to_supervisions():
            supervision = piece.supervisions[0]
            count = compute_num_samples(supervision.duration, piece.sampling_rate)
            assert piece.load_audio().shape == (1, count), (piece.id, count)
        if expected is None:
            continue
        rows = {row["id"]: row for row in parts(expected)[split]}
        assert [r.id for r in recordings] == list(rows)
        found = {}
        for supervision in supervisions:
            rate = rows[supervision.recording_id]["sampleRate"]
            start = compute_num_samples(supervision.start, rate)
            count = compute_num_samples(supervision.duration, rate)
            found.setdefault(supervision.recording_id, []).append([start, start + count])
            row = rows[supervision.recording_id]
            assert supervision.speaker == row["speaker"] and supervision.channel == 0
            assert supervision.text == row["transcript"]
            for name, value in row["facts"]:
                assert supervision.custom[name] == value
        assert found == {key: utterances(row) for key, row in rows.items() if utterances(row)}


def check_kaldi(root, expected, names):
    folders = glob.glob(f"{root}/data/*")
    assert folders
    texts = any(row["transcript"] for row in expected or [])
    for folder in folders:
        problems, count = check_kaldi_data.check(folder, root)
        assert not problems, problems
        split = os.path.basename(folder)
        if expected is None:
            continue
        rows = parts(expected)[None if split == "all" else split]
        want = [(row, u) for row in rows if row["transcript"] or not texts for u in utterances(row)]
        assert count == len(want), (count, len(want))
        # extract-segments multiplies and cuts off.
        with open(f"{folder}/segments") as file:
            for line, (row, (start, end)) in zip(file, want):
                times = [int(float(t) * row["sampleRate"]) for t in line.split()[2:]]
                assert times == [start, end], (line, start, end)


def check_nemo(root, expected, names):
    paths = glob.glob(f"{root}/*manifest.json")
    assert paths
    for path in paths:
        split = os.path.basename(path)[:-len("manifest.json")].rstrip("_") or None
        with open(path, encoding="utf-8", newline="\n") as file:
            lines = [json.loads(line) for line in file]
        for line in lines:
            found = info(os.path.join(root, line["audio_filepath"]))
            assert found.frames == line["frames"] and found.samplerate == line["sample_rate"]
            same_length(line["duration"], found.samplerate, found.frames)
            assert isinstance(line["text"], str) and "offset" not in line
        if expected is None:
            continue
        rows = parts(expected)[split]
        assert [line["id"] for line in lines] == [row["id"] for row in rows]
        for line, row in zip(lines, rows):
            assert line["text"] == (row["transcript"] or "") and line["segments"] == row["segments"]
            assert all(line[name] == value for name, value in row["facts"])
            assert line.get("snr_db") == row["signalToNoise"] and line["activity_percent"] == row["activity"]
    items = list(nemo_reader()(paths))
    assert expected is None or len(items) == len(expected)
    for item in items:
        assert info(item["audio_file"]).duration == item["duration"]
    print(f"nemo: its own reader found {len(items)} items")


def nemo_reader():
    """NeMo's reader of manifests. Its package would load all that NeMo trains with, so the file is loaded alone."""
    import importlib.util

    folder = importlib.util.find_spec("nemo").submodule_search_locations[0]
    spec = importlib.util.spec_from_file_location(
        "nemo_manifest", f"{folder}/collections/common/parts/preprocessing/manifest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.item_iter


def check_huggingface(root, expected, names):
    import datasets

    can_decode = hasattr(datasets, "config") and (
        int(datasets.__version__.split(".")[0]) < 4 or datasets.config.TORCHCODEC_AVAILABLE)
    splits = {"validation": "dev"}
    loads = [
        datasets.load_dataset("audiofolder", data_dir=root, cache_dir=f"{root}.cache"),
        datasets.load_dataset(root, cache_dir=f"{root}.cache"),
    ]
    for dataset in loads:
        types = None
        for split, table in dataset.items():
            types = types or table.features
            assert table.features == types
            table = table.cast_column("audio", datasets.Audio(decode=can_decode))
            for line in table:
                audio = line["audio"]
                if not can_decode:
                    found, _ = soundfile.read(audio["path"])
                    assert len(found) == line["frames"]
                elif isinstance(audio, dict):
                    assert len(audio["array"]) == line["frames"]
                    assert audio["sampling_rate"] == line["sample_rate"]
                else:
                    samples = audio.get_all_samples()
                    assert samples.data.shape == (1, line["frames"]), (samples.data.shape, line["frames"])
                    assert samples.sample_rate == line["sample_rate"]
                same_length(line["duration"], line["sample_rate"], line["frames"])
            for name, kind in table.features.items():
                if name == "audio":
                    continue
                want = ("int64" if name in ("sample_rate", "channels", "frames", "clipped_samples") else
                        "float64" if name.endswith(("_db", "_dbov", "_dbfs", "_percent", "_offset"))
                        or name == "duration" else "string")
                assert kind.dtype == want, (name, kind)
            if expected is None:
                continue
            found = parts(expected)
            rows = found[None] if None in found else found[splits.get(split, split)]
            assert table["id"][:] == [row["id"] for row in rows]
            for line, row in zip(table.cast_column("audio", datasets.Audio(decode=False)), rows):
                assert json.loads(line["segments"]) == row["segments"]
                assert line["text"] == (row["transcript"] or "")
                for name in names:
                    value = facts(row).get(name, "")
                    assert line[name] == value or line[name].replace(".000", "").rstrip() == value.rstrip()
        if expected is not None:
            assert sum(len(table) for table in dataset.values()) == len(expected)
    print(f"huggingface: datasets {datasets.__version__}, audio "
          f"{'decoded' if can_decode else 'not decoded'} by it")


def check_webdataset(root, expected, names):
    import webdataset

    shards = sorted(glob.glob(f"{root}/*.tar"))
    assert shards
    for shard in shards:
        with tarfile.open(shard) as tar:
            for member in tar:
                assert (member.mtime, member.uid, member.gid, member.mode) == (0, 0, 0, 0o644)
                assert member.isreg() and member.uname == member.gname == ""
        assert os.path.getsize(shard) % 10240 == 0
    samples = list(webdataset.WebDataset(shards, shardshuffle=False))
    with_text = any("txt" in sample for sample in samples)
    rows = {row["id"]: row for row in expected or []}
    for sample in samples:
        line = json.loads(sample["json"])
        kind = "flac" if "flac" in sample else "wav"
        found = soundfile.info(io.BytesIO(sample[kind]))
        assert found.frames == line["frames"] and found.samplerate == line["sample_rate"]
        same_length(line["duration"], found.samplerate, found.frames)
        assert sample["__key__"] == line["id"] and ("txt" in sample) == with_text
        if expected is None:
            continue
        row = rows[line["id"]]
        with open(os.path.join(root, row["path"]), "rb") as file:
            assert file.read() == sample[kind]
        if with_text:
            assert sample["txt"].decode() == (row["transcript"] or "")
        assert line["segments"] == row["segments"]
        assert all(line[name] == facts(row).get(name, "") for name in names)
        if row["split"]:
            assert os.path.basename(sample["__url__"]).startswith(row["split"] + "-")
    assert expected is None or sorted(rows) == sorted(sample["__key__"] for sample in samples)
    print(f"webdataset: {len(samples)} samples in {len(shards)} shards")


def check_csv(root, expected, names):
    with open(f"{root}/corpus.csv", "rb") as file:
        data = file.read()
    assert data.endswith(b"\r\n")
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    for line in lines:
        path = os.path.join(root, line["path"])
        found = info(path)
        assert found.frames == int(line["frames"]) and os.path.getsize(path) == int(line["size"])
        same_length(float(line["duration"]), found.samplerate, found.frames)
    if expected is None:
        return
    assert [line["id"] for line in lines] == [row["id"] for row in expected]
    for line, row in zip(lines, expected):
        assert json.loads(line["segments"]) == row["segments"]
        assert int(line["segment_count"]) == len(row["segments"])
        assert line["text"] == (row["transcript"] or "") and line["split"] == (row["split"] or "")
        assert all(line[name] == facts(row).get(name, "") for name in names)
        assert line["snr_db"] == "" if row["signalToNoise"] is None else \
            float(line["snr_db"]) == row["signalToNoise"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("corpora", nargs="+", metavar="FORMAT=CORPUS")
    parser.add_argument("--expect")
    options = parser.parse_args()
    description = {"recordings": None, "facts": []}
    if options.expect:
        with open(options.expect) as file:
            description = json.load(file)
    for corpus in options.corpora:
        kind, path = corpus.split("=", 1)
        globals()[f"check_{kind}"](path.rstrip("/"), description["recordings"], description["facts"])
        print(f"{kind}: all well")
    sys.exit(0)
