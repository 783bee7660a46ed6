"""Silero's voice activity detector by its ONNX model alone; its own package needs PyTorch."""
import importlib.util
import os

import numpy as np
import onnxruntime


class Silero:
    def __init__(self):
        # Found without importing the package, which would import PyTorch.
        folder = importlib.util.find_spec("silero_vad").submodule_search_locations[0]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            os.path.join(folder, "data", "silero_vad.onnx"), options, providers=["CPUExecutionProvider"])

    def probabilities(self, samples, rate):
        """How likely there is speech in each window of 32 ms; samples are floats of 8 or 16 kHz."""
        window, context = {8000: (256, 32), 16000: (512, 64)}[rate]
        samples = np.pad(np.asarray(samples, np.float32), (context, -len(samples) % window))
        state = np.zeros((2, 1, 128), np.float32)
        found = []
        for start in range(0, len(samples) - context, window):
            piece = samples[None, start:start + context + window]
            output, state = self.session.run(
                None, {"input": piece, "state": state, "sr": np.array(rate, np.int64)})
            found.append(float(output[0, 0]))
        return np.array(found)
