// The stages of a conversion, run bare: what is left when everything else is taken away.
//
//   bare-stages tagged|applied TEMPORARY WAV...
//
// Each file of 16 bits and one channel is hashed (libcrypto's SHA-256), decoded (libsndfile), measured
// (ITU-T P.56), decoded again, scaled, and encoded (libFLAC) into the file TEMPORARY. That is hashed, decoded
// (libFLAC, checking its MD5), unscaled, and must have the SHA-256 of the source. Nothing is inspected,
// tagged, published or synced. The bytes of all FLAC frames are printed: where they equal Voxkeep's, both
// encoded alike.
#include <FLAC/stream_decoder.h>
#include <FLAC/stream_encoder.h>
#include <math.h>
#include <openssl/evp.h>
#include <sndfile.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// How Voxkeep encodes 8 kHz (Sources/FLACFiles/FLACEncoding.swift). A precision of 0 is libFLAC's own choice.
static const struct {
    unsigned level, blockSize, partitionOrder, precisionOf16Bits, precisionOf24Bits;
    const char *apodization;
} encoding = {
    .level = 8,
    .blockSize = 576,
    .partitionOrder = 4,
    .precisionOf16Bits = 0,
    .precisionOf24Bits = 10,
    .apodization = "tukey(5e-1)",
};

// What Voxkeep levels to by default: -26 dBov of active speech, and no sample above -1 dBFS.
static const double target = -26, ceilingLevel = -1;

enum { block = 4096, thresholds = 15, chunk = 1 << 16 };

static void fail(const char *what, const char *name) {
    fprintf(stderr, "bare-stages: %s: %s\n", what, name);
    exit(1);
}

// The envelope of P.56, method B. Counts are settled only where it crosses a threshold.
typedef struct {
    double g, p, q, squares;
    int64_t hangover, frames, active[thresholds], crossed[thresholds];
    int reached, peak, bits;
} Meter;

static void measure(Meter *m, const short *samples, int count) {
    double g = m->g, h = 1 - g, p = m->p, q = m->q, squares = m->squares;
    double low = m->reached > 0 ? ldexp(1, m->reached - 16) : -1;
    double high = m->reached < thresholds ? ldexp(1, m->reached - 15) : 2;
    for (int i = 0; i < count; i++) {
        double x = samples[i] * 0x1p-15, a = fabs(x);
        squares += x * x;
        int magnitude = abs(samples[i]);
        if (magnitude > m->peak) m->peak = magnitude;
        m->bits |= samples[i];
        p = g * p + h * a;
        q = g * q + h * p;
        while (q >= high || q < low) {
            int64_t now = m->frames + i;
            if (q >= high) {
                int t = m->reached++;
                if (m->crossed[t] >= 0) {
                    int64_t since = now - m->crossed[t];
                    m->active[t] += since < m->hangover ? since : m->hangover;
                }
                m->crossed[t] = now;
            } else {
                int t = --m->reached;
                m->active[t] += now - m->crossed[t];
                m->crossed[t] = now;
            }
            low = m->reached > 0 ? ldexp(1, m->reached - 16) : -1;
            high = m->reached < thresholds ? ldexp(1, m->reached - 15) : 2;
        }
    }
    m->frames += count;
    m->squares = squares;
    // Numbers too small to matter are slow to compute with.
    m->p = p < 1e-100 ? 0 : p;
    m->q = q < 1e-100 ? 0 : q;
}

// The active speech level in dBov; NAN where there is no speech.
static double activeLevel(const Meter *m) {
    double before = NAN, excessBefore = 0;
    for (int t = 0; t < thresholds; t++) {
        int64_t count = m->active[t];
        if (m->crossed[t] >= 0) {
            int64_t since = m->frames - m->crossed[t];
            count += t < m->reached || since < m->hangover ? since : m->hangover;
        }
        if (count == 0) return NAN;
        double a = 10 * log10(m->squares / (double)count);
        double excess = a - 20 * log10(ldexp(1, t - 15)) - 15.9;
        if (t > 0 && excess <= 0) return before + (a - before) * excessBefore / (excessBefore - excess);
        if (t == 0 && excess < 0) return NAN;
        before = a, excessBefore = excess;
    }
    return NAN;
}

// The gain in integers, as docs/format.md defines it.
typedef struct {
    int64_t multiplier;
    int zeroBits, shift, bits;
} Scale;

static const Scale identity = {65536, 0, 0, 16};

static Scale scaleFor(const Meter *m, double gain) {
    int w = m->bits ? __builtin_ctz((unsigned)m->bits) : 0;
    int s;
    double sigma = 2 * frexp(gain * ldexp(1, w), &s);
    s -= 1;
    int64_t multiplier = llround(sigma * 65536), k = m->peak >> w;
    if (multiplier > 131071) multiplier = 65536, s += 1;
    for (int bits = 16;; bits += 8) {
        int64_t limit = (int64_t)(pow(10, ceilingLevel / 20) * (1 << (bits - 1))), M = multiplier;
        for (int shift = s + bits - 16; shift >= 0; shift--, M = 131071) {
            int64_t most = k ? ((limit >> shift) * 65536 + 32767) / k : M;
            if (M > most) M = most;
            if (M >= 65536) return (Scale){M, w, shift, bits};
        }
    }
}

static int isIdentity(Scale s) {
    return s.multiplier == 65536 && s.zeroBits == s.shift;
}

static SNDFILE *openAudio(const char *name, SF_INFO *info) {
    *info = (SF_INFO){0};
    SNDFILE *file = sf_open(name, SFM_READ, info);
    if (!file || info->channels != 1 || (info->format & SF_FORMAT_SUBMASK) != SF_FORMAT_PCM_16)
        fail("this is no WAV file of 16 bits and one channel", name);
    return file;
}

// Hashes what is left of a file; returns how many bytes that was.
static int64_t hashFile(FILE *file, EVP_MD_CTX *hash) {
    static unsigned char bytes[chunk];
    int64_t total = 0;
    for (size_t got; (got = fread(bytes, 1, chunk, file)) > 0; total += got)
        EVP_DigestUpdate(hash, bytes, got);
    return total;
}

static Meter measured(SNDFILE *audio, int sampleRate) {
    static short samples[block];
    Meter meter = {.g = exp(-1 / (sampleRate * 0.03)), .hangover = (int64_t)(0.2 * sampleRate + 0.5)};
    for (int t = 0; t < thresholds; t++) meter.crossed[t] = -1;
    for (int got; (got = sf_readf_short(audio, samples, block)) > 0;) measure(&meter, samples, got);
    return meter;
}

static int64_t frameBytes;

static FLAC__StreamEncoderWriteStatus encoded(const FLAC__StreamEncoder *e, const FLAC__byte bytes[],
                                              size_t count, uint32_t samples, uint32_t frame, void *file) {
    if (samples > 0) frameBytes += count;
    if (fwrite(bytes, 1, count, file) != count) fail("cannot be written", "the temporary file");
    return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

static FLAC__StreamEncoderSeekStatus sought(const FLAC__StreamEncoder *e, FLAC__uint64 offset, void *file) {
    int failed = fseeko(file, offset, SEEK_SET);
    return failed ? FLAC__STREAM_ENCODER_SEEK_STATUS_ERROR : FLAC__STREAM_ENCODER_SEEK_STATUS_OK;
}

static FLAC__StreamEncoderTellStatus told(const FLAC__StreamEncoder *e, FLAC__uint64 *offset, void *file) {
    *offset = ftello(file);
    return FLAC__STREAM_ENCODER_TELL_STATUS_OK;
}

static void encode(SNDFILE *audio, SF_INFO info, Scale scale, FILE *flac, const char *name) {
    static short samples[block];
    static FLAC__int32 scaled[block];
    FLAC__StreamEncoder *encoder = FLAC__stream_encoder_new();
    // The level comes first, because it sets the others.
    FLAC__stream_encoder_set_compression_level(encoder, encoding.level);
    FLAC__stream_encoder_set_apodization(encoder, encoding.apodization);
    FLAC__stream_encoder_set_max_residual_partition_order(encoder, encoding.partitionOrder);
    FLAC__stream_encoder_set_qlp_coeff_precision(
        encoder, scale.bits == 24 ? encoding.precisionOf24Bits : encoding.precisionOf16Bits);
    FLAC__stream_encoder_set_blocksize(encoder, encoding.blockSize);
    FLAC__stream_encoder_set_channels(encoder, 1);
    FLAC__stream_encoder_set_bits_per_sample(encoder, scale.bits);
    FLAC__stream_encoder_set_sample_rate(encoder, info.samplerate);
    FLAC__stream_encoder_set_total_samples_estimate(encoder, info.frames);
    if (FLAC__stream_encoder_init_stream(encoder, encoded, sought, told, NULL, flac))
        fail("no encoder", name);
    int scales = !isIdentity(scale);
    for (int got; (got = sf_readf_short(audio, samples, block)) > 0;) {
        for (int i = 0; i < got; i++) scaled[i] = samples[i];
        for (int i = 0; scales && i < got; i++) {
            int64_t k = scaled[i] >> scale.zeroBits;
            scaled[i] = (FLAC__int32)(((k * scale.multiplier + 32768) >> 16) * (1 << scale.shift));
        }
        if (!FLAC__stream_encoder_process_interleaved(encoder, scaled, got)) fail("not encoded", name);
    }
    if (!FLAC__stream_encoder_finish(encoder)) fail("not encoded", name);
    FLAC__stream_encoder_delete(encoder);
}

typedef struct {
    FILE *flac;
    Scale scale;
    EVP_MD_CTX *hash;
} Proof;

static FLAC__StreamDecoderReadStatus readBack(const FLAC__StreamDecoder *d, FLAC__byte bytes[],
                                              size_t *count, void *proof) {
    *count = fread(bytes, 1, *count, ((Proof *)proof)->flac);
    return *count > 0 ? FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
                      : FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM;
}

static FLAC__StreamDecoderWriteStatus decoded(const FLAC__StreamDecoder *d, const FLAC__Frame *frame,
                                              const FLAC__int32 *const channels[], void *context) {
    static int16_t restored[1 << 16];
    const Proof *proof = context;
    Scale scale = proof->scale;
    int count = frame->header.blocksize;
    if (isIdentity(scale)) {
        for (int i = 0; i < count; i++) restored[i] = (int16_t)channels[0][i];
    } else {
        // floor((z * 131072 + M) / (2 * M)) without a division. The numerator is whole, so 0.5 more keeps the
        // quotient farther from a whole number than double precision errs; 2^24 makes truncation a floor.
        double inverse = 1 / (2.0 * scale.multiplier);
        for (int i = 0; i < count; i++) {
            double n = (double)(channels[0][i] >> scale.shift) * 131072 + scale.multiplier;
            int k = (int)((n + 0.5) * inverse + 0x1p24) - (1 << 24);
            restored[i] = (int16_t)(k * (1 << scale.zeroBits));
        }
    }
    EVP_DigestUpdate(proof->hash, restored, 2 * (size_t)count);
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
}

static void damaged(const FLAC__StreamDecoder *d, FLAC__StreamDecoderErrorStatus status, void *proof) {
    fail("the proof failed", FLAC__StreamDecoderErrorStatusString[status]);
}

static void decode(Proof *proof, const char *name) {
    FLAC__StreamDecoder *decoder = FLAC__stream_decoder_new();
    FLAC__stream_decoder_set_md5_checking(decoder, 1);
    if (FLAC__stream_decoder_init_stream(decoder, readBack, NULL, NULL, NULL, NULL, decoded, NULL, damaged,
                                         proof))
        fail("no decoder", name);
    if (!FLAC__stream_decoder_process_until_end_of_stream(decoder)) fail("the proof failed", name);
    if (!FLAC__stream_decoder_finish(decoder)) fail("another MD5", name);
    FLAC__stream_decoder_delete(decoder);
}

static void convert(const char *name, int applies, FILE *flac, EVP_MD_CTX *hash) {
    unsigned char digest[32], restored[32], stored[32], header[4096];
    FILE *source = fopen(name, "rb");
    if (!source) fail("cannot be read", name);
    EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    int64_t size = hashFile(source, hash);
    EVP_DigestFinal_ex(hash, digest, NULL);

    SF_INFO info;
    SNDFILE *audio = openAudio(name, &info);
    Meter meter = measured(audio, info.samplerate);
    double speech = activeLevel(&meter), peak = 20 * log10(meter.peak / 32768.0);
    double gain = isnan(speech) ? 0 : fmin(target - speech, ceilingLevel - peak);
    Scale scale = applies ? scaleFor(&meter, pow(10, gain / 20)) : identity;

    rewind(flac);
    if (ftruncate(fileno(flac), 0)) fail("cannot be emptied", "the temporary file");
    sf_seek(audio, 0, SEEK_SET);
    encode(audio, info, scale, flac, name);
    sf_close(audio);

    rewind(flac);
    EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    hashFile(flac, hash);
    EVP_DigestFinal_ex(hash, stored, NULL);

    // These files end with their audio, so whatever else they hold comes before it.
    int64_t prefix = size - 2 * info.frames;
    rewind(source);
    if (prefix < 0 || prefix > (int64_t)sizeof header || fread(header, 1, prefix, source) != (size_t)prefix)
        fail("audio is not all that follows the header", name);
    fclose(source);
    rewind(flac);
    EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    EVP_DigestUpdate(hash, header, prefix);
    decode(&(Proof){flac, scale, hash}, name);
    EVP_DigestFinal_ex(hash, restored, NULL);
    if (memcmp(digest, restored, sizeof digest)) fail("does not come back as it was", name);
}

int main(int count, char **arguments) {
    int applies = count > 1 && !strcmp(arguments[1], "applied");
    if (count < 4 || (!applies && strcmp(arguments[1], "tagged")))
        fail("usage", "bare-stages tagged|applied TEMPORARY WAV...");
    FILE *flac = fopen(arguments[2], "w+b");
    if (!flac || setvbuf(flac, NULL, _IOFBF, chunk)) fail("cannot be made", arguments[2]);
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    for (int index = 3; index < count; index++) convert(arguments[index], applies, flac, hash);
    printf("%lld\n", (long long)frameBytes);
    return 0;
}
