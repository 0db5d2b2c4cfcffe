"""audio_golden.py > audio_golden.def - spectra, log-mel energies and MFCCs by NumPy.

Shares nothing with std/audio.dl but the definitions: numpy.fft for the transform, each mel
triangle and each cosine written out (tf.signal's linear_to_mel_weight_matrix and
mfccs_from_log_mel_spectrograms; HTK's mel scale)."""
import numpy as np

RATE, SIZE, HOP, FFT, MELS, BINS, LOW, HIGH = 16000, 640, 320, 1024, 40, 10, 20.0, 4000.0


def signal(n):
    noise, out = 12345, []
    for i in range(n):
        noise = (noise * 1664525 + 1013904223) % (1 << 32)
        t = i / RATE
        out.append(0.5 * np.sin(2 * np.pi * 440 * t) + 0.25 * np.sin(2 * np.pi * 1234.5 * t + 1)
                   + 0.1 * (noise / (1 << 31) - 1))
    return np.array(out, dtype=np.float32).astype(np.float64)


def mel(f):
    return 1127.0 * np.log(1 + f / 700.0)


def weights():
    edges = np.linspace(mel(LOW), mel(HIGH), MELS + 2)
    w = np.zeros((FFT // 2 + 1, MELS))
    for k in range(1, FFT // 2 + 1):
        m = mel(k * RATE / FFT)
        for j in range(MELS):
            low, center, high = edges[j:j + 3]
            w[k, j] = max(0.0, min((m - low) / (center - low), (high - m) / (high - center)))
    return w


def main():
    x = signal(1600)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(SIZE) / SIZE)
    frames = [x[i:i + SIZE] * window for i in range(0, len(x) - SIZE + 1, HOP)]
    spectrum = np.abs(np.array([np.fft.rfft(f, FFT) for f in frames]))
    energy = np.log(spectrum @ weights() + 1e-6)
    cepstra = [[sum(row[m] * np.cos(np.pi * k * (m + 0.5) / MELS) for m in range(MELS)) *
                np.sqrt(2 / MELS) for k in range(BINS)] for row in energy]
    rfft = np.fft.rfft(x[:15])
    print('/* audio_golden.def - made by audio_golden.py with NumPy %s. */' % np.__version__)
    for name, values in (('rfft15', np.concatenate([rfft.real, rfft.imag])),
                         ('spectrum', spectrum[1, 20:90]), ('log_mel', energy[2]),
                         ('mfcc', np.array(cepstra).ravel())):
        print('static const double golden_%s[] = {' % name)
        print('\n'.join('    %.9g,' % v for v in values))
        print('};')


main()
