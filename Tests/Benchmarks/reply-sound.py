#!/usr/bin/env python3
"""How a reply sounds by Opus mode, and what encoding it costs.

    python3 -m venv .venv && .venv/bin/pip install -q numpy scipy soundfile pesq pystoi
    .venv/bin/python Tests/Benchmarks/reply-sound.py FILE...

The files (WAV, FLAC; mono) are strung together, encoded and decoded with the libopus that the server links, and compared with what they were:
PESQ wide band (1 to 4.6, more is better), STOI (0 to 1, more is better), and the mean difference of the log spectra in decibels (less is better).
Time is the encoder's own, on one thread.
"""
import ctypes
import ctypes.util
import sys
import time

import numpy as np
import soundfile
from pesq import pesq
from pystoi import stoi
from scipy.signal import resample_poly, stft

APPLICATIONS = {"voip": 2048, "lowdelay": 2051}
SET_BITRATE, SET_COMPLEXITY = 4002, 4010
opus = ctypes.CDLL(ctypes.util.find_library("opus"))
opus.opus_encoder_create.restype = opus.opus_decoder_create.restype = ctypes.c_void_p


def through(samples, rate, application, bitrate, complexity):
    """The samples after encoding and decoding, microseconds a packet of 20 ms, and the kilobits a second that were used."""
    error = ctypes.c_int()
    encoder = ctypes.c_void_p(opus.opus_encoder_create(rate, 1, APPLICATIONS[application], ctypes.byref(error)))
    decoder = ctypes.c_void_p(opus.opus_decoder_create(rate, 1, ctypes.byref(error)))
    opus.opus_encoder_ctl(encoder, SET_BITRATE, ctypes.c_int(bitrate))
    opus.opus_encoder_ctl(encoder, SET_COMPLEXITY, ctypes.c_int(complexity))
    size = rate // 50
    packet, out = (ctypes.c_ubyte * 4000)(), np.zeros(size, np.float32)
    decoded, spent, used = [], 0, 0
    for start in range(0, len(samples) - size + 1, size):
        frame = np.ascontiguousarray(samples[start : start + size])
        begin = time.thread_time_ns()
        length = opus.opus_encode_float(encoder, frame.ctypes.data_as(ctypes.c_void_p), size, packet, 4000)
        spent += time.thread_time_ns() - begin
        opus.opus_decode_float(decoder, packet, length, out.ctypes.data_as(ctypes.c_void_p), size, 0)
        used += length
        decoded.append(out.copy())
    count = len(decoded)
    return np.concatenate(decoded), spent / count / 1000, used * 8 * 50 / count / 1000


def compare(original, decoded, rate):
    middle = len(original) // 2
    span = slice(middle, middle + 2 * rate)
    delay = max(range(rate // 50), key=lambda k: np.dot(original[span], decoded[middle + k : middle + k + 2 * rate]))
    decoded = decoded[delay:]
    original = original[: len(decoded)]
    wide = [resample_poly(x, 16_000, rate) for x in (original, decoded)]
    piece = 6 * 16_000
    scores = []
    for start in range(0, len(wide[0]) - piece, piece):
        try:
            scores.append(pesq(16_000, wide[0][start : start + piece], wide[1][start : start + piece], "wb"))
        except Exception:  # a piece without speech has no score
            pass
    spectra = [20 * np.log10(np.abs(stft(x, rate, nperseg=rate // 50)[2]) + 1e-4) for x in (original, decoded)]
    loud = spectra[0].max(0) > -45
    apart = np.sqrt(((spectra[0][2:, loud] - spectra[1][2:, loud]) ** 2).mean(0)).mean()
    return np.mean(scores), stoi(original, decoded, rate), apart


def main(files):
    sounds = [soundfile.read(file, dtype="float32") for file in files]
    rate = sounds[0][1]
    if any(r != rate for _, r in sounds) or rate not in (8_000, 12_000, 16_000, 24_000, 48_000):
        sys.exit("the files need one rate, which Opus has")
    samples = np.concatenate([s if s.ndim == 1 else s.mean(1) for s, _ in sounds]).astype(np.float32)
    print(f"{len(samples) / rate:.0f} s at {rate} Hz")
    print("application  bitrate  complexity  us a packet  kbit/s  PESQ  STOI    dB apart")
    for application, bitrate, complexity in [
        ("voip", 32_000, 5), ("voip", 24_000, 5), ("voip", 32_000, 0),
        ("lowdelay", 32_000, 5), ("lowdelay", 48_000, 5), ("lowdelay", 48_000, 0),
    ]:
        decoded, cost, used = through(samples, rate, application, bitrate, complexity)
        score, clear, apart = compare(samples[: len(decoded)], decoded, rate)
        print(f"{application:11s}  {bitrate:7d}  {complexity:10d}  {cost:11.1f}  {used:6.1f}  {score:.2f}  {clear:.4f}  {apart:8.2f}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
