"""Conversions, and the last words a quantity's name may end in.

Inside `core` there is one unit per quantity: kWh, W, kg, g/kWh, l, USD, s, h. Wh, t and MWh exist only in data files
and on screen. No other file turns one unit into another.
"""

WH_PER_KWH = 1_000.0
WH_PER_MWH = 1_000_000.0
MILLIWH_PER_KWH = 1_000_000.0
KWH_PER_MWH = 1_000.0
KJ_PER_MJ = 1_000.0
KWH_PER_TWH = 1e9
J_PER_WH = 3_600.0
J_PER_KWH = 3_600_000.0
MILLIJ_PER_KWH = 3_600_000_000.0
MILLIJ_PER_J = 1_000.0
W_PER_KW = 1_000.0
MILLIW_PER_W = 1_000.0
G_PER_KG = 1_000.0
MG_PER_KG = 1_000_000.0
KG_PER_T = 1_000.0
KG_PER_LB = 0.45359237
L_PER_M3 = 1_000.0
ML_PER_L = 1_000.0
M_PER_KM = 1_000.0
US_PER_S = 1_000_000.0
MS_PER_S = 1_000.0
MIN_PER_H = 60.0
S_PER_H = 3_600.0
H_PER_DAY = 24.0
S_PER_DAY = 86_400.0
DAYS_PER_YEAR = 365.0
H_PER_YEAR = 8_760.0
BYTES_PER_GB = 1e9
FLOP_PER_GFLOP = 1e9
BYTES_PER_GIB = 1_073_741_824.0
FLOP_PER_TFLOP = 1e12
FLOP_PER_ZFLOP = 1e21
PARAMS_PER_B = 1e9
TOKENS_PER_B = 1e9
TOKENS_PER_M = 1e6
TOKENS_PER_K = 1e3
PERCENT = 100.0
CENTS_PER_USD = 100.0
BITS_PER_BYTE = 8.0

UNITS: dict[str, str] = {
    "kwh": "kilowatt-hour",
    "mwh": "megawatt-hour",
    "wh": "watt-hour",
    "mj": "megajoule",
    "w": "watt",
    "kg": "kilogram",
    "g": "gram",
    "t": "tonne",
    "g_per_kwh": "gram CO2e per kilowatt-hour",
    "kg_per_km": "kilogram CO2e per kilometre driven",
    "kg_per_kwh": "kilogram CO2e per kilowatt-hour",
    "l": "litre",
    "m3": "cubic metre",
    "l_per_kwh": "litre per kilowatt-hour",
    "usd": "US dollar",
    "usd_per_h": "US dollar per accelerator-hour",
    "usd_per_day": "US dollar per working day",
    "usd_per_year": "US dollar per year",
    "usd_per_kwh": "US dollar per kilowatt-hour",
    "usd_per_m_tokens": "US dollar per million tokens",
    "usd_per_t": "US dollar per tonne CO2e",
    "eur_per_t": "euro per tonne CO2e",
    "gbp_per_t": "pound sterling per tonne CO2e",
    "bytes_per_token": "byte of 16-bit cache per token of context",
    "s": "second",
    "us": "microsecond",
    "ms": "millisecond",
    "h": "hour",
    "days": "day",
    "years": "year",
    "year": "calendar year",
    "pct": "per cent",
    "gb": "gigabyte (1e9 byte)",
    "byte": "byte",
    "b": "billion (1e9)",
    "tokens": "token",
    "m_tokens": "million tokens",
    "tokens_per_run_m": "million tokens per training run",
    "tflops": "1e12 floating-point operations per second",
    "tops": "1e12 integer operations per second",
    "gb_s": "gigabyte per second",
    "flop": "floating-point operation",
    "flop_per_s": "floating-point operation per second",
    "byte_per_s": "byte per second",
    "byte_per_token": "byte per token",
    "byte_per_param": "byte per parameter",
    "j": "joule",
    "mhz": "megahertz",
    "c": "degree Celsius",
    "j_per_output_token": "joule per output token",
    "j_per_token": "joule per token",
    "j_per_kg": "joule per kilogram of fuel",
    "kg_per_h": "kilogram per hour",
    "kwh_per_year": "kilowatt-hour per year",
    "tokens_per_s": "token per second",
    "flop_per_token": "floating-point operation per token",
    "bit": "bit",
}

# Names that count things or are pure ratios carry no unit; each says here why it may stand without one.
UNITLESS: dict[str, str] = {
    "pue": "facility energy over IT energy",
    "mfu": "share of peak FLOP/s reached in training",
    "batch": "sequences decoding together",
    "accelerators": "count",
    "replicas": "count",
    "requests": "count",
    "requests_per_day": "count a day",
    "requests_per_seat_day": "count a seat and day",
    "rate": "units of the display currency for one US dollar",
    "share": "fraction, 0 to 1",
    "utilization": "fraction, 0 to 1",
    "factor": "multiplier",
    "layers": "count",
    "heads": "count",
    "experts": "count",
    "epochs": "count",
    "runs": "count",
    "seats": "count",
    "d_model": "count of values in a token's vector",
    "head_dim": "count of values in a head",
    "vocabulary": "count of token kinds",
    "experts_per_token": "count",
    "accelerators_per_server": "count",
    "weight": "probability, 0 to 1",
    "latitude": "degrees north",
    "longitude": "degrees east",
    "params_total": "count",
    "params_active": "count",
    "installed": "count",
    "cap": "upper bound of a count",
    "limit": "upper bound of a count",
    "dim": "count",
    "peak_to_mean": "busiest hour over the mean",
    "offset": "natural logarithm of a factor",
    "z": "standard normal score",
    "on": "yes (1) or no (0)",
    "moe": "yes or no",
    "fp8": "yes or no",
    "latent_cache": "yes or no",
    "expert_4bit": "yes or no",
    "fp8_compute": "yes or no",
    "fp8_block": "yes or no",
    "gddr": "yes or no",
    "measured": "yes or no",
    "shared": "yes or no",
    "separate": "yes or no",
    "overload": "yes or no",
    "engine": "code of the serving software",
    "parallel": "code of the way a model is split",
    "hosting": "code of who runs the accelerators",
    "years_since_release": "difference of calendar years",
    "ratio": "one quantity over another of its kind",
    "elasticity": "relative rise of demand over the relative fall of its cost",
    "homes": "count of homes supplied for a year",
    "machines": "count",
    "servers": "count",
    "states": "count of values a weight may take",
    "words": "count of words of English text",
    "words_per_token": "words of English text in a token",
    "tokens_per_word": "tokens in a word of English text",
}
