// Encodes a corpus with libFLAC under several settings and tells what each costs.
//
//   compression-study TRANSFORMS REPETITIONS LIST SETTINGS...
//
// LIST is a file with one path a line: WAV, or .raw with 8 kHz, 16 bits, one channel. TRANSFORMS are separated by
// commas and applied in turn: none, mulaw, alaw (through G.711 and back), cut=SECONDS (the corpus in one piece, cut
// anew), head=SECONDS (the start of each file), pair (two files become the channels of one), both (the channel
// twice), level=DBOV (the samples that Voxkeep stores for that active speech level, docs/format.md).
//
// A setting is a list of words, all optional: L8 (compression level; first, since it sets all others), b=576 (block
// size), a=welch (apodization), r=4 and R=0 (greatest and least residual partition order), l=12 (LPC order), q=9
// (coefficient precision), Q=10 (the same, only in 24-bit containers), m=1 (mid-side), e=1 (exhaustive model search),
// p=1 (precision search). What is not given is libFLAC's choice for level 8.
//
// The first line of the output describes the corpus: "corpus", files, seconds, files in a 24-bit container, and the
// mean number of bits that a sample takes without its low zero bits. Then a line for each setting: the setting, CPU
// seconds (the least of all repetitions), bytes of all frames, and the bytes of each file. Tabs separate.
#include <FLAC/stream_encoder.h>
#include <math.h>
#include <sndfile.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    FLAC__int32 *samples;  // interleaved
    int frames, channels, rate, bits;
} Audio;

static Audio *corpus;
static int files;

static void fail(const char *what, const char *name) {
    fprintf(stderr, "compression-study: %s: %s\n", what, name);
    exit(1);
}

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count + 1, size);
    if (!memory) fail("no memory", "");
    return memory;
}

static void load(const char *list) {
    char name[4096];
    FILE *names = fopen(list, "r");
    if (!names) fail("cannot be read", list);
    while (fgets(name, sizeof name, names)) {
        name[strcspn(name, "\n")] = 0;
        SF_INFO info = {0};
        const char *end = strrchr(name, '.');
        if (end && !strcmp(end, ".raw"))
            info = (SF_INFO){.samplerate = 8000, .channels = 1, .format = SF_FORMAT_RAW | SF_FORMAT_PCM_16};
        SNDFILE *file = sf_open(name, SFM_READ, &info);
        if (!file) fail("cannot be opened", name);
        if ((info.format & SF_FORMAT_SUBMASK) != SF_FORMAT_PCM_16) fail("not 16 bits", name);
        int16_t *samples = allocate(info.frames * info.channels, sizeof *samples);
        if (sf_readf_short(file, samples, info.frames) != info.frames) fail("cannot be read", name);
        sf_close(file);
        Audio audio = {NULL, info.frames, info.channels, info.samplerate, 16};
        audio.samples = allocate(info.frames * info.channels, sizeof *audio.samples);
        for (sf_count_t i = 0; i < info.frames * info.channels; i++) audio.samples[i] = samples[i];
        free(samples);
        corpus = realloc(corpus, (files + 1) * sizeof *corpus);
        if (!corpus) fail("no memory", "");
        corpus[files++] = audio;
    }
    fclose(names);
    if (!files) fail("names no file", list);
}

static int bitsUsed(const Audio *audio) {
    FLAC__int32 all = 0;
    for (long i = 0; i < (long)audio->frames * audio->channels; i++) all |= audio->samples[i];
    return all;
}

// The value that a sample's G.711 code stands for.
static int muLaw(int x) {
    int magnitude = abs(x) > 32635 ? 32635 : abs(x), segment = 0;
    while ((magnitude + 132) >> (segment + 8)) segment++;
    int step = ((magnitude + 132) >> (segment + 3)) & 15;
    int value = ((8 * step + 132) << segment) - 132;
    return x < 0 ? -value : value;
}

static int aLaw(int x) {
    int magnitude = x < 0 ? ~x : x, segment = 0;
    while (magnitude >> (segment + 8)) segment++;
    int step = (magnitude >> (segment ? segment + 3 : 4)) & 15;
    int value = segment ? (16 * step + 264) << (segment - 1) : 16 * step + 8;
    return x < 0 ? -value : value;
}

// The active speech level by ITU-T P.56, method B, in dBov; NAN without speech.
static double activeLevel(const Audio *audio) {
    enum { thresholds = 15 };
    double g = exp(-1 / (0.03 * audio->rate)), p = 0, q = 0, squares = 0;
    long active[thresholds] = {0}, quiet[thresholds], hangover = lround(0.2 * audio->rate);
    for (int t = 0; t < thresholds; t++) quiet[t] = hangover;
    for (int i = 0; i < audio->frames; i++) {
        double x = audio->samples[(long)i * audio->channels] / 32768.0;
        squares += x * x;
        p = g * p + (1 - g) * fabs(x);
        q = g * q + (1 - g) * p;
        for (int t = 0; t < thresholds; t++) {
            quiet[t] = q >= ldexp(1, t - 15) ? 0 : quiet[t] + 1;
            active[t] += quiet[t] <= hangover;
        }
    }
    double before = NAN, excessBefore = 0;
    for (int t = 0; t < thresholds && active[t]; t++) {
        double level = 10 * log10(squares / active[t]), excess = level - 20 * log10(ldexp(1, t - 15)) - 15.9;
        if (excess <= 0) return t ? before + (level - before) * excessBefore / (excessBefore - excess) : NAN;
        before = level, excessBefore = excess;
    }
    return NAN;
}

// Multiplies as docs/format.md says, with the peak held to -1 dBFS.
static void setLevel(Audio *audio, double target) {
    double level = activeLevel(audio);
    if (isnan(level)) return;
    int used = bitsUsed(audio), w = used ? __builtin_ctz(used) : 0, s;
    int64_t peak = 0, M = llround(2 * frexp(pow(10, (target - level) / 20) * ldexp(1, w), &s) * 65536);
    s -= 1;
    long count = (long)audio->frames * audio->channels;
    for (long i = 0; i < count; i++)
        if (llabs(audio->samples[i]) > peak) peak = llabs(audio->samples[i]);
    peak >>= w;
    if (M > 131071) M = 65536, s += 1;
    for (int bits = 16;; bits += 8) {
        int64_t limit = pow(10, -1 / 20.0) * (1 << (bits - 1)), m = M;
        for (int shift = s + bits - 16; shift >= 0; shift--, m = 131071) {
            int64_t most = ((limit >> shift) * 65536 + 32767) / (peak ? peak : 1);
            if (m > most) m = most;
            if (m < 65536) continue;
            for (long i = 0; i < count; i++)
                audio->samples[i] = (((audio->samples[i] >> w) * m + 32768) >> 16) * (1 << shift);
            audio->bits = bits;
            return;
        }
    }
}

static void cut(double seconds) {
    int rate = corpus[0].rate, length = lround(seconds * rate), pieces = 0;
    long total = 0, at = 0;
    for (int i = 0; i < files; i++) {
        if (corpus[i].channels != 1 || corpus[i].rate != rate) fail("cannot be cut", "differing formats");
        total += corpus[i].frames;
    }
    FLAC__int32 *whole = allocate(total, sizeof *whole);
    for (int i = 0; i < files; at += corpus[i++].frames)
        memcpy(whole + at, corpus[i].samples, corpus[i].frames * sizeof *whole);
    corpus = allocate(total / length + 1, sizeof *corpus);
    for (at = 0; at < total; at += length)
        corpus[pieces++] = (Audio){whole + at, total - at < length ? (int)(total - at) : length, 1, rate, 16};
    files = pieces;
}

// Two files as the two channels of one, or each file as both channels.
static void widen(int step) {
    int made = 0;
    for (int i = 0; i + step <= files; i += step) {
        Audio left = corpus[i], right = corpus[i + step - 1];
        if (left.channels != 1 || right.channels != 1) fail("cannot be widened", "more than one channel");
        int frames = left.frames < right.frames ? left.frames : right.frames;
        FLAC__int32 *samples = allocate(2L * frames, sizeof *samples);
        for (int j = 0; j < frames; j++) samples[2 * j] = left.samples[j], samples[2 * j + 1] = right.samples[j];
        corpus[made++] = (Audio){samples, frames, 2, left.rate, 16};
    }
    files = made;
}

static void transform(const char *name) {
    double value = strchr(name, '=') ? atof(strchr(name, '=') + 1) : 0;
    if (!strncmp(name, "cut=", 4) && value > 0) cut(value);
    else if (!strcmp(name, "pair")) widen(2);
    else if (!strcmp(name, "both")) widen(1);
    else for (int i = 0; i < files; i++) {
        Audio *audio = &corpus[i];
        if (!strncmp(name, "head=", 5)) {
            if (audio->frames > value * audio->rate) audio->frames = lround(value * audio->rate);
        } else if (!strncmp(name, "level=", 6)) {
            setLevel(audio, value);
        } else if (!strcmp(name, "mulaw") || !strcmp(name, "alaw")) {
            for (long j = 0; j < (long)audio->frames * audio->channels; j++)
                audio->samples[j] = *name == 'm' ? muLaw(audio->samples[j]) : aLaw(audio->samples[j]);
        } else if (strcmp(name, "none")) {
            fail("unknown transform", name);
        }
    }
}

// Metadata costs every setting the same, so only frames count.
static FLAC__StreamEncoderWriteStatus written(const FLAC__StreamEncoder *encoder, const FLAC__byte bytes[],
                                              size_t count, uint32_t samples, uint32_t frame, void *total) {
    if (samples) *(size_t *)total += count;
    return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

static size_t encode(const Audio *audio, const char *settings) {
    FLAC__StreamEncoder *e = FLAC__stream_encoder_new();
    if (!e) fail("no memory", "");
    FLAC__stream_encoder_set_channels(e, audio->channels);
    FLAC__stream_encoder_set_bits_per_sample(e, audio->bits);
    FLAC__stream_encoder_set_sample_rate(e, audio->rate);
    FLAC__stream_encoder_set_streamable_subset(e, false);  // LPC orders above 12 are tried, too
    FLAC__stream_encoder_set_compression_level(e, 8);
    char words[512], *rest = words;
    if ((size_t)snprintf(words, sizeof words, "%s", settings) >= sizeof words) fail("too long", settings);
    for (char *word; (word = strsep(&rest, " "));) {
        int value = *word == 'L' ? atoi(word + 1) : *word && word[1] == '=' ? atoi(word + 2) : -1;
        switch (*word) {
        case 0: break;
        case 'L': FLAC__stream_encoder_set_compression_level(e, value); break;
        case 'b': FLAC__stream_encoder_set_blocksize(e, value); break;
        case 'a': FLAC__stream_encoder_set_apodization(e, word + 2); break;
        case 'r': FLAC__stream_encoder_set_max_residual_partition_order(e, value); break;
        case 'R': FLAC__stream_encoder_set_min_residual_partition_order(e, value); break;
        case 'l': FLAC__stream_encoder_set_max_lpc_order(e, value); break;
        case 'q': FLAC__stream_encoder_set_qlp_coeff_precision(e, value); break;
        case 'Q': if (audio->bits == 24) FLAC__stream_encoder_set_qlp_coeff_precision(e, value); break;
        case 'm': FLAC__stream_encoder_set_do_mid_side_stereo(e, value); break;
        case 'e': FLAC__stream_encoder_set_do_exhaustive_model_search(e, value); break;
        case 'p': FLAC__stream_encoder_set_do_qlp_coeff_prec_search(e, value); break;
        default: fail("unknown setting", word);
        }
    }
    size_t total = 0;
    if (FLAC__stream_encoder_init_stream(e, written, NULL, NULL, NULL, &total) != FLAC__STREAM_ENCODER_INIT_STATUS_OK
        || !FLAC__stream_encoder_process_interleaved(e, audio->samples, audio->frames)
        || !FLAC__stream_encoder_finish(e))
        fail("cannot be encoded with", settings);
    FLAC__stream_encoder_delete(e);
    return total;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

int main(int count, char **arguments) {
    if (count < 5) fail("usage", "compression-study TRANSFORMS REPETITIONS LIST SETTINGS...");
    load(arguments[3]);
    for (char *name, *rest = arguments[1]; (name = strsep(&rest, ","));) transform(name);

    double length = 0, bits = 0;
    int wide = 0;
    for (int i = 0; i < files; i++) {
        int used = bitsUsed(&corpus[i]);
        length += (double)corpus[i].frames / corpus[i].rate;
        bits += corpus[i].bits - (used ? __builtin_ctz(used) : 0);
        wide += corpus[i].bits == 24;
    }
    printf("corpus\t%d\t%.1f\t%d\t%.2f\n", files, length, wide, bits / files);

    int settings = count - 4;
    size_t *sizes = allocate((size_t)settings * files, sizeof *sizes);
    double *least = allocate(settings, sizeof *least);
    // The settings take turns, so that what else the machine does hits all of them.
    for (int repetition = 0; repetition < atoi(arguments[2]); repetition++)
        for (int k = 0; k < settings; k++) {
            double before = seconds();
            for (int i = 0; i < files; i++) sizes[(size_t)k * files + i] = encode(&corpus[i], arguments[4 + k]);
            double taken = seconds() - before;
            if (repetition == 0 || taken < least[k]) least[k] = taken;
        }
    for (int k = 0; k < settings; k++) {
        size_t total = 0;
        for (int i = 0; i < files; i++) total += sizes[(size_t)k * files + i];
        printf("%s\t%.6f\t%zu", arguments[4 + k], least[k], total);
        for (int i = 0; i < files; i++) printf("\t%zu", sizes[(size_t)k * files + i]);
        printf("\n");
    }
    return 0;
}
