internal import SpeechMeasures

/// The names that manifests have for what is known of a recording.
enum ManifestColumn {
    /// Every name that has a meaning in any of the formats, so that no fact can have it.
    static let all: Set<String> = [
        "active_speech_dbov", "activity_percent", "alignment", "audio", "audio_file", "audio_filepath",
        "channel", "channels", "clipped_samples", "custom", "dc_offset", "duration", "encoding", "end",
        "file_name", "file_names", "frames", "gender", "id", "label", "lang", "language", "offset",
        "path", "peak_dbfs", "recording_id", "rms_dbov", "sample_rate", "sampling_rate",
        "segment_count", "segments", "size", "snr_db", "speaker", "split", "start", "text",
    ]
}

extension CorpusRecording.Measures {
    /// A column and the number in it; nil where there is nothing to measure.
    struct Column {
        let name: String
        let value: Double?
    }

    /// The measures that are not counts, in the order of the columns.
    var columns: [Column] {
        [
            Column(name: "active_speech_dbov", value: activeSpeech),
            Column(name: "activity_percent", value: activity),
            Column(name: "rms_dbov", value: rms),
            Column(name: "peak_dbfs", value: peak),
            Column(name: "dc_offset", value: offset),
            Column(name: "snr_db", value: signalToNoise),
        ]
    }
}

extension CorpusRecording {
    /// The measures and facts that there are, as members of an object.
    var details: [String: JSONValue] {
        var members: [String: JSONValue] = ["clipped_samples": .integer(measures.clippedSamples)]
        for column in measures.columns { members[column.name] = column.value.map(JSONValue.number) }
        for fact in facts { members[fact.name] = .text(fact.value) }
        return members
    }

    /// The segments as pairs of frames: the first, and the one after the last.
    var segmentList: JSONValue {
        .list(segments.map { .list([.integer($0.lowerBound), .integer($0.upperBound)]) })
    }
}
