/// A way to write a corpus down that speech tools read without further ado.
package enum CorpusFormat: String, Sendable, Hashable, CaseIterable {
    /// Lhotse: `recordings.jsonl.gz` and `supervisions.jsonl.gz`.
    case lhotse
    /// Kaldi: a data folder with `wav.scp`, `segments`, `utt2spk`, `spk2utt`, `reco2dur` and, where known,
    /// `text`.
    case kaldi
    /// NeMo: `manifest.json`, one object a line.
    case nemo
    /// Hugging Face `datasets`: an AudioFolder, with a `metadata.jsonl` in the folder of each split.
    case huggingface
    /// WebDataset: tar files that hold the audio too.
    case webdataset
    /// One table, `corpus.csv`.
    case csv

    /// Whether the manifest holds the audio itself, so that no audio files are needed beside it.
    package var holdsAudio: Bool { self == .webdataset }

    /// The folder below the corpus that the audio of a split has to be in.
    ///
    /// - Parameter split: `train`, `dev`, `test`, or nil for a corpus that is not split.
    /// - Returns: A relative path without a slash at its end.
    package func audioFolder(split: String?) -> String {
        self == .huggingface ? AudioFolderManifest.folder(split: split) + "/audio" : "audio"
    }
}
