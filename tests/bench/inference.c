/* The inference kernel written in C, row for row, to measure the compiled Python against. Columns come in the order of
   InferenceColumns and InferenceResult; the coefficients in the order of InferenceCoefficients, intervals last. */
#include <math.h>
#include <stddef.h>

enum {
  PARAMS_TOTAL, PARAMS_ACTIVE, EXPERTS, EXPERTS_PER_TOKEN, LAYERS, D_MODEL, HEADS, HEAD_DIM, KV_HEADS, KV_BYTE_PER_TOKEN,
  KV_WINDOW_TOKENS, KV_GLOBAL_SHARE, RECURRENT_STATE_BYTE, LATENT_CACHE, WEIGHT_BYTE, EXPERT_4BIT, FP8_COMPUTE, FP8_BLOCK,
  PEAK_FLOP_PER_S, PEAK16_FLOP_PER_S, BANDWIDTH_BYTE_PER_S, MEMORY_BYTE, TDP_W, IDLE_W, LINK_BYTE_PER_S, GDDR,
  ACCELERATORS_PER_SERVER, MEASURED, KERNEL_TIME_FACTOR, POWER_FACTOR, ENGINE, PARALLEL, ACCELERATORS, BATCH, BATCH_CAP, ROOM_BATCH, MEMORY_RESERVE_SHARE, REQUESTS,
  INPUT_TOKENS, OUTPUT_TOKENS, CACHED_SHARE, DRAFTED_TOKENS, DRAFT_ACCEPTED_SHARE, DRAFT_SIZE_SHARE, SEPARATE, SERVICE_H, PEAK_TO_MEAN, SHARED, PROVIDER_UTILIZATION, INSTALLED, BUSY_SHARE,
  HELD_H, HOST_W, ERROR_Z, ERROR_ON
};
enum {
  ETA_WEIGHT, ETA_WEIGHT_FP8, ETA_WEIGHT_HF, ETA_EXPERT_16, ETA_EXPERT_4BIT, ETA_KV, ETA_COMPUTE, ETA_COMPUTE_FP8, LAYER_US,
  LAYER_FP8MOE_US, ALLREDUCE_US, ALLREDUCE_EP_US, ETA_LINK, ETA_LINK_2024, ROUTE_PASSES, PAD_TOKENS, PAD_TOKENS_FP8BLOCK,
  FP8MOE_PREFILL_US, EXPERT_REUSE, EXPERT_SPREAD, STEP_US, SEQ_US, STEP_2024_MS, SEQ_2024_US, REQ_2024_MS, TP_2024_MS, HF_LAYER_US, P_FLOOR, P_BUSY_DENSE,
  P_BUSY_MOE, P_WEIGHT, P_KV, P_FLOP, P_GDDR, P_KNEE, INTERVALS
};

enum {
  REPLICAS = 1, INSTALLED_ALL, REQUEST_TIME_S = 8, POWER_W, TOKEN_J, USED_SHARE, BUSY_H, HELD_ALL_H, BUSY_KWH, IDLE_KWH, HOST_KWH
};

typedef struct { double fixed, per_sequence, per_share; } terms;
typedef struct { double ln_missed, tokens, per_prompt, reuse; } experts;
typedef struct { double written, drafted, fresh, yielded, ended, choosing, prompt; } work_of;
typedef struct { terms time, drive; double floor_s, cache; experts e; } step_of;
typedef const double *const *restrict columns;
typedef double *const *restrict results;
#define X(name) (x[name][i])

static inline double at(terms t, double b, double f) { return t.fixed + t.per_sequence * b + t.per_share * f; }
static inline terms times(terms t, double k) { return (terms){t.fixed * k, t.per_sequence * k, t.per_share * k}; }
static inline double power(double base, double exponent) { return exp(exponent * log(base)); }
static inline double whole_power(double base, int exponent) {
  double result = 1;
  for (; exponent > 0; exponent--) result *= base;
  return result;
}
static inline double larger(double a, double b) { return b > a ? b : a; }
static inline double smaller(double a, double b) { return b < a ? b : a; }

static inline double share(double b, experts e) {
  return e.ln_missed == 0 ? 0 : 1 - exp(e.ln_missed * power(b * e.tokens, e.reuse) - e.per_prompt * b);
}

static inline double windowed(double tokens, double window, double global) {
  return window == 0 ? tokens : global * tokens + (1 - global) * smaller(tokens, window);
}

static inline double dense_batch(double rate, double fixed, double per_sequence, double limit) {
  double spare = 1 - rate * per_sequence;
  return spare <= 0 ? limit : smaller(rate * fixed / spare, limit);
}

static inline double expert_batch(double rate, terms t, experts e, double limit, double *touched) {
  double b = 1, f = 0;
  for (int k = 0; k < 60; k++) {
    double p = e.ln_missed * power(b * e.tokens, e.reuse), missed = exp(p - e.per_prompt * b);
    f = 1 - missed;
    double share_slope = (e.per_prompt - p * e.reuse / b) * missed, gap = b - rate * at(t, b, f);
    double slope = 1 - rate * (t.per_sequence + t.per_share * share_slope);
    if (k == 0) {
      if (gap >= 0) break;
      double full = dense_batch(rate, t.fixed + t.per_share, t.per_sequence, limit);
      b = slope > 0 ? smaller(1 - gap / slope, full) : full;
      continue;
    }
    if (gap <= 0) break;
    double step = gap / slope;
    b -= step;
    f -= share_slope * step;
    if (step <= 1e-6 * b) break;
  }
  *touched = f;
  return b;
}

static inline double fewest(double weights, double context_byte, double kv_heads, double latent, double state,
                            double usable, double server, double room) {
  double least = context_byte / (latent == 1 ? 1 : larger(kv_heads, 1));
  double wanted = least * room < usable ? room : 1, n = 1;
  if (least >= usable) return NAN;
  for (int k = 0; k < 4096; k++) {
    double parts = latent == 1 ? 1 : larger(smaller(n, kv_heads), 1);
    if (weights + (context_byte / parts + state / n) * wanted * n <= usable * n) return n;
    n = n < 8 ? 2 * n : server * (floor(n / server) + 1);
  }
  return NAN;
}

static inline __attribute__((always_inline)) step_of one_step(columns x, ptrdiff_t i, double n, double context, work_of w, const double *restrict c) {
  int moe = X(EXPERTS) != 0, block = moe && X(FP8_BLOCK) == 1, eager = X(ENGINE) == 2, v2024 = X(ENGINE) == 1;
  double parts = X(LATENT_CACHE) == 1 ? 1 : larger(smaller(n, X(KV_HEADS)), 1), part = 1 / n, fresh = w.fresh;
  double decoded = w.written + w.drafted, draft = w.drafted * X(DRAFT_SIZE_SHARE) * X(PARAMS_ACTIVE);
  double tokens = decoded + fresh, layers = X(LAYERS) + w.drafted, again = 1 / w.yielded, state = X(RECURRENT_STATE_BYTE);
  double routed = 0, ln_missed = 0;
  if (moe && X(EXPERTS_PER_TOKEN) < X(EXPERTS)) {
    double left = 1 - X(EXPERTS_PER_TOKEN) / X(EXPERTS);
    routed = smaller(larger((X(PARAMS_TOTAL) - X(PARAMS_ACTIVE)) / left, 0), X(PARAMS_TOTAL));
    ln_missed = log(left);
  }
  double per_prompt = 0;
  if (ln_missed != 0 && w.prompt > 0) {
    double pieces = larger(w.prompt / 8192, 1);
    per_prompt = pieces * (1 - exp(ln_missed * power(w.prompt / pieces, c[EXPERT_REUSE]))) * w.ended;
  }
  experts e = {ln_missed, w.choosing, per_prompt, c[EXPERT_REUSE]};
  double cache = context * X(KV_BYTE_PER_TOKEN) / parts + state * part;
  double prompt = windowed(X(INPUT_TOKENS) * (1 + X(CACHED_SHARE)) / 2, X(KV_WINDOW_TOKENS), X(KV_GLOBAL_SHARE));
  double per_context = 4 * X(LAYERS) * X(HEADS) * X(HEAD_DIM);
  double flop_sequence = (2 * (X(PARAMS_ACTIVE) * tokens + draft) + decoded * per_context * larger(context - 1500, 0) +
                          fresh * per_context * larger(prompt - 1500, 0)) * part;
  double flop_share = 2 * routed * (block ? c[PAD_TOKENS_FP8BLOCK] : c[PAD_TOKENS]) * part;

  double s_per_byte = 1 / X(BANDWIDTH_BYTE_PER_S), weight_s = X(WEIGHT_BYTE) * part * s_per_byte;
  terms nominal = {(X(PARAMS_TOTAL) - routed + draft) * weight_s, (cache + state * part) * s_per_byte, routed * weight_s};
  double reached = 1 / ((X(FP8_COMPUTE) == 1 ? c[ETA_COMPUTE_FP8] : c[ETA_COMPUTE]) * X(PEAK_FLOP_PER_S));
  double layer_s = c[LAYER_US] / 1e6 + (block ? c[LAYER_FP8MOE_US] / 1e6 : 0);
  double route_s = moe ? c[ROUTE_PASSES] * X(LAYERS) * tokens * X(EXPERTS_PER_TOKEN) * X(D_MODEL) * 2 * s_per_byte : 0;
  terms gpu = {
      nominal.fixed / (eager ? c[ETA_WEIGHT_HF] : X(FP8_COMPUTE) == 1 ? c[ETA_WEIGHT_FP8] : c[ETA_WEIGHT]) + layers * layer_s,
      nominal.per_sequence / c[ETA_KV] + flop_sequence * reached +
          (block ? layers * (c[FP8MOE_PREFILL_US] / 1e6) * fresh : 0) + route_s,
      nominal.per_share / (X(EXPERT_4BIT) == 1 ? c[ETA_EXPERT_4BIT] : c[ETA_EXPERT_16]) + flop_share * reached};
  gpu = times(gpu, X(KERNEL_TIME_FACTOR));
  terms time = gpu;
  if (n > 1) {
    time.fixed += 2 * X(LAYERS) * ((X(PARALLEL) == 1 ? c[ALLREDUCE_EP_US] : c[ALLREDUCE_US]) / 1e6);
    double link = n * (v2024 ? c[ETA_LINK_2024] : c[ETA_LINK]) * X(LINK_BYTE_PER_S);
    time.per_sequence += 2 * X(LAYERS) * 4 * tokens * X(D_MODEL) * (n - 1) / link;
  }
  if (n > 1 && moe && X(PARALLEL) == 1) {
    double above = c[EXPERT_SPREAD] * sqrt(2 * log(n) / larger(X(EXPERTS) / n, 1)) * X(KERNEL_TIME_FACTOR);
    time.per_share += above * nominal.per_share / (X(EXPERT_4BIT) == 1 ? c[ETA_EXPERT_4BIT] : c[ETA_EXPERT_16]);
    time.per_sequence += above * 2 * routed * X(EXPERTS_PER_TOKEN) / X(EXPERTS) * tokens * part * reached;
  }
  if (X(ENGINE) == 0) {
    time.fixed += c[STEP_US] / 1e6;
    time.per_sequence += c[SEQ_US] / 1e6;
  }
  if (v2024) {
    time.fixed += c[STEP_2024_MS] / 1e3 + c[TP_2024_MS] / 1e3 * log2(n);
    time.per_sequence += c[SEQ_2024_US] / 1e6 + c[REQ_2024_MS] / 1e3 * w.ended;
  }
  time = times(time, again);
  double floor_s = eager ? c[HF_LAYER_US] / 1e6 * X(LAYERS) * again : 0;
  double tdp = X(TDP_W), memory = larger(X(BANDWIDTH_BYTE_PER_S) / (tdp * (3350e9 / 700)), 1);
  if (X(GDDR) == 1) memory *= c[P_GDDR];
  double arithmetic = c[P_FLOP] * X(PEAK16_FLOP_PER_S) / (tdp * (989e12 / 700) * X(PEAK_FLOP_PER_S));
  double busy = moe ? c[P_BUSY_MOE] : c[P_BUSY_DENSE], p_weight = c[P_WEIGHT] * memory;
  terms drive = {gpu.fixed * busy + nominal.fixed * p_weight,
                 gpu.per_sequence * busy + (nominal.per_sequence * c[P_KV] + route_s * c[P_WEIGHT]) * memory + flop_sequence * arithmetic,
                 gpu.per_share * busy + nominal.per_share * p_weight + flop_share * arithmetic};
  drive = times(drive, again);
  return (step_of){time, drive, floor_s, cache, e};
}

static inline __attribute__((always_inline)) double watts_at(columns x, ptrdiff_t i, double driven, const double *restrict c) {
  double idle = X(IDLE_W);
  double watts = idle + (X(TDP_W) - idle) * driven * power(1 + whole_power(driven, (int)c[P_KNEE]), -1 / c[P_KNEE]);
  return watts * X(POWER_FACTOR);
}

/* Adds the machines that read prompts to a row that has them, as the outputs so far are of those that write. */
static __attribute__((noinline, cold)) void add_pool(columns x, ptrdiff_t i, double n, double context, double factor, const double *restrict c, results out) {
  double whole = X(INPUT_TOKENS) * (1 - X(CACHED_SHARE)), steps = larger(whole / 8192, 1);
  if (whole <= 0 || X(REQUESTS) == 0) return;
  work_of reading = {0, 0, whole / steps, 1, 1 / steps, whole / steps, 0};
  step_of step = one_step(x, i, n, context, reading, c);
  double f = share(1, step.e), parts = X(LATENT_CACHE) == 1 ? 1 : larger(smaller(n, X(KV_HEADS)), 1);
  double byte = windowed(X(INPUT_TOKENS), X(KV_WINDOW_TOKENS), X(KV_GLOBAL_SHARE)) * X(KV_BYTE_PER_TOKEN) / parts;
  double link = (X(ENGINE) == 1 ? c[ETA_LINK_2024] : c[ETA_LINK]) * X(LINK_BYTE_PER_S);
  double step_s = larger(at(step.time, 1, f), step.floor_s) + (byte + X(RECURRENT_STATE_BYTE) / n) / link / steps;
  double watts = watts_at(x, i, c[P_FLOOR] + at(step.drive, 1, f) / step_s, c), busy_s = X(REQUESTS) * steps * step_s;
  double replicas = larger(ceil(busy_s * X(PEAK_TO_MEAN) / (X(SERVICE_H) * 3600)), 1);
  if (busy_s > replicas * X(HELD_H) * 3600 * (1 + 1e-9)) replicas = ceil(busy_s / (X(HELD_H) * 3600));
  double held_h = replicas * n * X(HELD_H), busy_h = smaller(n * busy_s / 3600, held_h), idle = X(IDLE_W);
  double all_busy_h = out[BUSY_H][i] + busy_h, all_held_h = out[HELD_ALL_H][i] + held_h;
  if (busy_h != 0) out[POWER_W][i] = (out[POWER_W][i] * out[BUSY_H][i] + watts * busy_h) / all_busy_h;
  out[REPLICAS][i] += replicas;
  out[INSTALLED_ALL][i] += replicas * n;
  out[REQUEST_TIME_S][i] += steps * step_s;
  out[TOKEN_J][i] += factor * n * watts * steps * step_s / X(OUTPUT_TOKENS);
  out[USED_SHARE][i] = all_held_h > 0 ? all_busy_h / all_held_h : 0;
  out[BUSY_H][i] = all_busy_h;
  out[HELD_ALL_H][i] = all_held_h;
  out[BUSY_KWH][i] += factor * busy_h * watts / 1e3;
  out[IDLE_KWH][i] = larger(all_held_h - all_busy_h, 0) * (idle + c[P_FLOOR] * (X(TDP_W) - idle)) / 1e3;
  out[HOST_KWH][i] = all_held_h * X(HOST_W) / 1e3;
}

void run_inference(columns x, const double *restrict c, results out, ptrdiff_t rows) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    double context = windowed(X(INPUT_TOKENS) + X(OUTPUT_TOKENS) / 2, X(KV_WINDOW_TOKENS), X(KV_GLOBAL_SHARE));
    double usable = X(MEMORY_BYTE) * (1 - X(MEMORY_RESERVE_SHARE));
    double weights = X(PARAMS_TOTAL) * X(WEIGHT_BYTE), state = X(RECURRENT_STATE_BYTE);
    double n = X(ACCELERATORS);
    if (n == 0) {
      double server = larger(X(ACCELERATORS_PER_SERVER), 8);
      double room = larger(larger(X(BATCH), X(ROOM_BATCH)), 1);
      double full = X(SHARED) == 1 && X(BATCH) == 0 ? X(BATCH_CAP) : room;
      double context_byte = context * X(KV_BYTE_PER_TOKEN);
      n = fewest(weights, context_byte, X(KV_HEADS), X(LATENT_CACHE), state, usable, server, room);
      if (full > room) {
        double roomy = fewest(weights, context_byte, X(KV_HEADS), X(LATENT_CACHE), state, usable, server, full);
        if (n <= roomy && roomy <= 2 * n) n = roomy;
      }
    }

    double drafted = X(DRAFTED_TOKENS), accepted = X(DRAFT_ACCEPTED_SHARE), yielded = 1;
    if (drafted != 0) yielded = accepted >= 1 ? 1 + drafted : (1 - pow(accepted, drafted + 1)) / (1 - accepted);
    double whole = X(INPUT_TOKENS) * (1 - X(CACHED_SHARE));
    int apart = X(SEPARATE) * (1 - X(SHARED)) == 1;
    work_of writing = {1, drafted, apart ? 0 : yielded * whole / X(OUTPUT_TOKENS), yielded, yielded / X(OUTPUT_TOKENS),
                       1 + drafted, apart ? 0 : whole};
    step_of step = one_step(x, i, n, context, writing, c);
    terms time = step.time, drive = step.drive;
    experts e = step.e;
    double floor_s = step.floor_s, cache = step.cache, ln_missed = e.ln_missed;
    int moe = X(EXPERTS) != 0;
    double tdp = X(TDP_W);

    double limit = larger(smaller((usable - weights / n) / cache, X(BATCH_CAP)), 1);
    double work = X(REQUESTS) * X(OUTPUT_TOKENS), held_year_h = X(HELD_H), available_s = 0;
    double fullest = X(BATCH) != 0 ? larger(X(BATCH), 1) : limit, b = fullest, f = -1;
    double replicas = 0, accelerators_installed = 0, overload = 0, held_h;
    if (X(SHARED) != 1) {
      if (X(INSTALLED) != 0) {
        replicas = larger(floor(X(INSTALLED) / n), 1);
        accelerators_installed = larger(X(INSTALLED), n);
      } else if (work != 0) {
        double step_s = larger(at(time, fullest, share(fullest, e)), floor_s);
        replicas = larger(ceil(work * X(PEAK_TO_MEAN) * step_s / (X(SERVICE_H) * 3600 * fullest)), 1);
        accelerators_installed = replicas * n;
      }
      available_s = replicas * (X(BUSY_SHARE) == 0 ? X(SERVICE_H) : X(BUSY_SHARE) * held_year_h) * 3600;
      if (X(BATCH) == 0) {
        b = 1;
        if (work != 0) {
          double rate = work / available_s;
          b = ln_missed == 0 ? dense_batch(rate, time.fixed, time.per_sequence, limit)
                             : expert_batch(rate, time, e, limit, &f);
          double least = larger(smaller(larger(b, rate * floor_s), limit), 1);
          if (least != b) f = -1;
          b = least;
        }
      }
    }
    if (f < 0) f = share(b, e);
    double step_s = larger(at(time, b, f), floor_s), busy_s = work * step_s / b;
    if (X(SHARED) == 1) {
      replicas = busy_s / (X(PROVIDER_UTILIZATION) * X(SERVICE_H) * 3600);
      accelerators_installed = replicas * n;
      held_h = n * busy_s / 3600 / X(PROVIDER_UTILIZATION);
    } else {
      if (work != 0 && X(BUSY_SHARE) != 0) busy_s = larger(available_s, busy_s);
      if (busy_s > replicas * held_year_h * 3600 * (1 + 1e-9)) {
        replicas = ceil(busy_s / (held_year_h * 3600));
        accelerators_installed = replicas * n;
        overload = X(INSTALLED) != 0;
      }
      held_h = accelerators_installed * held_year_h;
    }
    double busy_h = smaller(n * busy_s / 3600, held_h), idle = X(IDLE_W), driven = c[P_FLOOR] + at(drive, b, f) / step_s;
    double watts = watts_at(x, i, driven, c), factor = 1;
    if (X(ERROR_ON) != 0) {
      int kind = !moe ? 0 : X(FP8_BLOCK) == 1 ? 2 : 1, band = b < 2 ? 0 : b < 17 ? 1 : b < 129 ? 2 : 3;
      const double *q = c + INTERVALS + (((X(MEASURED) == 1 ? 0 : 1) * 3 + kind) * 4 + band) * 3;
      factor = exp(q[1] + X(ERROR_Z) * (X(ERROR_Z) < 0 ? q[1] - q[0] : q[2] - q[1]) / 1.2816);
    }
    double *const *o = out;
    (*o++)[i] = n;
    (*o++)[i] = replicas;
    (*o++)[i] = accelerators_installed;
    (*o++)[i] = weights;
    (*o++)[i] = cache * n * b;
    (*o++)[i] = b;
    (*o++)[i] = limit;
    (*o++)[i] = step_s;
    (*o++)[i] = X(OUTPUT_TOKENS) * step_s;
    (*o++)[i] = watts;
    (*o++)[i] = factor * n * watts * step_s / b;
    (*o++)[i] = held_h > 0 ? busy_h / held_h : 0;
    (*o++)[i] = busy_h;
    (*o++)[i] = held_h;
    (*o++)[i] = factor * busy_h * watts / 1e3;
    (*o++)[i] = larger(held_h - busy_h, 0) * (idle + c[P_FLOOR] * (tdp - idle)) / 1e3;
    (*o++)[i] = held_h * X(HOST_W) / 1e3;
    (*o++)[i] = overload;
    if (apart) add_pool(x, i, n, context, factor, c, out);
  }
}
