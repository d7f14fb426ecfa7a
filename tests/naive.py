"""Slow, obvious twins of the kernels: one row at a time, plain Python, written from the equations. No code of `core`.

A row is a dict of floats under the columns' names; the fit is the nested dict of its file.
"""

import math


def inference(row, fit):
    """One workload, one year, one draw."""
    r = dict(row)
    c = {name: entry["value"] for name, entry in fit["inference"].items()}
    work = r["requests"] * r["output_tokens"]
    context = mean_context(r, r["input_tokens"] + r["output_tokens"] / 2)
    n = r["accelerators"] or ladder(r, context)
    if math.isnan(n):
        return None  # no number of accelerators holds the model
    weights = r["params_total"] * r["weight_byte"]
    room = r["memory_byte"] * (1 - r["memory_reserve_share"]) - weights / n
    limit = max(1, min(r["batch_cap"], room / cache_on_one(r, context, n)))

    def t(batch):
        return step(r, c, context, n, batch)["time"]

    fullest = max(1, r["batch"]) if r["batch"] else limit
    service_s, held_s = r["service_h"] * 3600, r["held_h"] * 3600
    overload = 0
    if r["shared"]:
        batch = fullest
        busy = work * t(batch) / batch
        replicas = busy / (r["provider_utilization"] * service_s)
        installed = n * replicas
        busy_h = n * busy / 3600
        held_h = busy_h / r["provider_utilization"]
    else:
        if r["installed"]:
            replicas, installed = max(1, math.floor(r["installed"] / n)), max(r["installed"], n)
        elif work:
            peak = work / service_s * r["peak_to_mean"]
            replicas = max(1, math.ceil(peak * t(fullest) / fullest))
            installed = replicas * n
        else:
            replicas = installed = 0
        available = replicas * (r["busy_share"] * held_s if r["busy_share"] else service_s)
        batch = fullest if r["batch"] else steady_batch(t, work / available, limit) if work else 1
        busy = work * t(batch) / batch
        if r["busy_share"] and work:
            busy = max(busy, available)
        if busy > replicas * held_s * (1 + 1e-9):
            replicas = math.ceil(busy / held_s)
            installed = max(installed, replicas * n)
            overload = 1 if r["installed"] else 0
        held_h = installed * r["held_h"]
        busy_h = min(n * busy / 3600, held_h)

    at = step(r, c, context, n, batch)
    error = energy_error(r, fit, batch)
    token_j, request_s, power = n * at["power"] * at["time"] / batch, r["output_tokens"] * at["time"], at["power"]
    energy = busy_h * power / 1000
    reading = read_apart(r, c, context, n)
    if reading:
        steps, time, watts = reading
        seconds = r["requests"] * steps * time
        copies = max(1, math.ceil(seconds * r["peak_to_mean"] / service_s))
        if seconds > copies * held_s * (1 + 1e-9):
            copies = math.ceil(seconds / held_s)
        hours = min(n * seconds / 3600, copies * n * r["held_h"])
        energy += hours * watts / 1000
        power = (power * busy_h + watts * hours) / (busy_h + hours)
        token_j += n * watts * steps * time / r["output_tokens"]
        request_s += steps * time
        replicas, installed = replicas + copies, installed + copies * n
        busy_h, held_h = busy_h + hours, held_h + copies * n * r["held_h"]
    return {
        "accelerators": n,
        "replicas": replicas,
        "accelerators_installed": installed,
        "memory_weights_byte": weights,
        "memory_cache_byte": n * batch * cache_on_one(r, context, n),
        "batch": batch,
        "batch_limit": limit,
        "step_time_s": at["time"],
        "request_time_s": request_s,
        "power_accelerator_w": power,
        "energy_accelerator_j_per_output_token": error * token_j,
        "utilization": busy_h / held_h if held_h else 0,
        "busy_h": busy_h,
        "held_h": held_h,
        "energy_accelerator_kwh": error * energy,
        "energy_idle_kwh": max(0, held_h - busy_h) * (r["idle_w"] + c["p_floor"] * (r["tdp_w"] - r["idle_w"])) / 1000,
        "energy_host_kwh": held_h * r["host_w"] / 1000,
        "overload": overload,
    }


def mean_context(r, tokens):
    if not r["kv_window_tokens"]:
        return tokens
    share = r["kv_global_share"]
    return share * tokens + (1 - share) * min(tokens, r["kv_window_tokens"])


def cache_on_one(r, context, n):
    """Bytes of one sequence's cache on one accelerator."""
    divided = 1 if r["latent_cache"] else max(1, min(n, r["kv_heads"]))
    return context * r["kv_byte_per_token"] / divided + r["recurrent_state_byte"] / n


def ladder(r, context):
    """1, 2, 4, 8, then whole servers, with room for the batch wanted, or where none has it for one request."""
    server = max(8, r["accelerators_per_server"])
    usable = r["memory_byte"] * (1 - r["memory_reserve_share"])
    servers = [server * k for k in range(1, 5000) if server * k > 8]

    def fewest(room):
        for sequences in (room, 1):
            for n in [1, 2, 4, 8, *servers]:
                if r["params_total"] * r["weight_byte"] / n + sequences * cache_on_one(r, context, n) <= usable:
                    return n
        return math.nan

    room = max(1, r["batch"], r["room_batch"])
    few = fewest(room)
    if r["shared"] and not r["batch"] and r["batch_cap"] > room:
        roomy = fewest(r["batch_cap"])
        return roomy if few <= roomy <= 2 * few else few
    return few


def steady_batch(t, rate, limit):
    """B = rate t(B) by bisection, from 1 to the limit."""
    if rate * t(1) <= 1:
        return 1
    if rate * t(limit) >= limit:
        return limit
    low, high = 1, limit
    while high - low > 1e-14 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if rate * t(middle) > middle:
            low = middle
        else:
            high = middle
    return high


def read_apart(r, c, context, n):
    """Machines that read prompts and nothing else: steps a prompt, time of one with handing the cache on, power."""
    fresh = r["input_tokens"] * (1 - r["cached_share"])
    if not r.get("separate") or r["shared"] or not fresh or not r["requests"]:
        return None
    steps = max(1, fresh / 8192)
    cache = cache_on_one(r, mean_context(r, r["input_tokens"]), n)
    link = (c["eta_link_2024"] if r["engine"] == 1 else c["eta_link"]) * r["link_byte_per_s"]
    at = step(r, c, context, n, 1, (fresh / steps, 1 / steps, cache / link / steps))
    return steps, at["time"], at["power"]


def step(r, c, context, n, batch, reading=()):
    """Time and power of one step, by the ten numbered equations; `reading`: prompt tokens, share of a prompt, wait."""
    moe = r["experts"] > 0
    block = moe and r["fp8_block"] == 1
    engine = {0: "vllm", 1: "vllm-2024", 2: "transformers"}[r["engine"]]
    layers, bandwidth, peak = r["layers"], r["bandwidth_byte_per_s"], r["peak_flop_per_s"]
    # 1 tokens per step; drafted ones are checked along, and each is taken if all before it were
    apart = r.get("separate") and not r["shared"]
    drafted, accepted = 0 if reading else r["drafted_tokens"], r["draft_accepted_share"]
    written = 0 if reading else 1
    said = 1 if not drafted else 1 + drafted
    if drafted and accepted < 1:
        said = (1 - accepted ** (drafted + 1)) / (1 - accepted)
    prompt = said * batch * r["input_tokens"] * (1 - r["cached_share"]) / r["output_tokens"]
    if apart:
        prompt = reading[0] if reading else 0
    ended = reading[1] if reading else batch * said / r["output_tokens"]
    tokens = batch * (written + drafted) + prompt
    draft = drafted * r["draft_size_share"] * r["params_active"]
    # 2 share of experts touched; 4 shared and routed parameters
    routed, touched = 0, 0
    if moe and r["experts_per_token"] < r["experts"]:
        k_of_e = r["experts_per_token"] / r["experts"]
        routed = min(r["params_total"], max(0, (r["params_total"] - r["params_active"]) / (1 - k_of_e)))
        found = tokens if apart else batch * (1 + drafted)
        left = (1 - k_of_e) ** (found ** c["expert_reuse"])
        fresh = r["input_tokens"] * (1 - r["cached_share"])
        parts = max(1, fresh / 8192)
        by_one_part = 1 - (1 - k_of_e) ** ((fresh / parts) ** c["expert_reuse"])
        touched = 1 - left * (1 if apart else math.exp(-ended * parts * by_one_part))
    # 3 bytes per accelerator
    weight_byte = r["weight_byte"] * (r["params_total"] - routed + draft) / n
    expert_byte = r["weight_byte"] * routed * touched / n
    cache_byte = batch * (cache_on_one(r, context, n) + r["recurrent_state_byte"] / n)
    # 4 FLOP per accelerator, attention beyond 1,500 tokens of context added
    pad = c["pad_tokens_fp8block"] if block else c["pad_tokens"]
    attention = 4 * layers * r["heads"] * r["head_dim"]
    prompt_context = mean_context(r, r["input_tokens"] * (1 + r["cached_share"]) / 2)
    flop = 2 * r["params_active"] * tokens / n + 2 * routed * touched * pad / n + 2 * draft * batch / n
    flop += (
        attention * (batch * (written + drafted) * max(0, context - 1500) + prompt * max(0, prompt_context - 1500)) / n
    )
    # 5 time in which kernels run
    eta_weight = c["eta_weight_fp8"] if r["fp8_compute"] else c["eta_weight"]
    gpu = weight_byte / ((c["eta_weight_hf"] if engine == "transformers" else eta_weight) * bandwidth)
    gpu += expert_byte / ((c["eta_expert_4bit"] if r["expert_4bit"] else c["eta_expert_16"]) * bandwidth)
    gpu += cache_byte / (c["eta_kv"] * bandwidth)
    gpu += flop / ((c["eta_compute_fp8"] if r["fp8_compute"] else c["eta_compute"]) * peak)
    gpu += c["layer_us"] * 1e-6 * (layers + drafted)
    route = c["route_passes"] * layers * tokens * r["experts_per_token"] * r["d_model"] * 2 if moe else 0
    gpu += route / bandwidth
    if block:
        gpu += (layers + drafted) * 1e-6 * (c["layer_fp8moe_us"] + c["fp8moe_prefill_us"] * prompt)
    gpu *= r["kernel_time_factor"]
    # 6 communication
    exchange = 0
    if n > 1:
        latency = c["allreduce_ep_us"] if r["parallel"] == 1 else c["allreduce_us"]
        link = (c["eta_link_2024"] if engine == "vllm-2024" else c["eta_link"]) * r["link_byte_per_s"]
        exchange = 2 * layers * (latency * 1e-6 + 4 * tokens * r["d_model"] * (n - 1) / n / link)
    if n > 1 and moe and r["parallel"] == 1:
        read = expert_byte / ((c["eta_expert_4bit"] if r["expert_4bit"] else c["eta_expert_16"]) * bandwidth)
        chosen = routed * r["experts_per_token"] / r["experts"] * tokens / n
        done = 2 * chosen / ((c["eta_compute_fp8"] if r["fp8_compute"] else c["eta_compute"]) * peak)
        above = c["expert_spread"] * math.sqrt(2 * math.log(n)) / math.sqrt(max(1, r["experts"] / n))
        exchange += above * (read + done) * r["kernel_time_factor"]
    # 7, 8 host time and the step
    if engine == "vllm":
        time = gpu + exchange + c["step_us"] * 1e-6 + c["seq_us"] * 1e-6 * batch
    elif engine == "vllm-2024":
        host = c["step_2024_ms"] * 1e-3 + c["seq_2024_us"] * 1e-6 * batch + c["tp_2024_ms"] * 1e-3 * math.log2(n)
        host += c["req_2024_ms"] * 1e-3 * ended
        time = gpu + exchange + host
    else:
        time = max(gpu + exchange, c["hf_layer_us"] * 1e-6 * layers)
    time += reading[2] if reading else 0
    # 9 power
    tdp, idle = r["tdp_w"], r["idle_w"]
    relative_bandwidth = (bandwidth / tdp) / (3350e9 / 700)
    relative_flop = (r["peak16_flop_per_s"] / tdp) / (989e12 / 700)
    used_weight = (weight_byte + expert_byte) / time / bandwidth
    used_cache = cache_byte / time / bandwidth
    used_flop = flop / time / peak
    x = c["p_floor"] + (c["p_busy_moe"] if moe else c["p_busy_dense"]) * gpu / time
    moved = c["p_weight"] * (used_weight + route / time / bandwidth) + c["p_kv"] * used_cache
    memory = moved * max(1, relative_bandwidth)
    x += memory * (c["p_gddr"] if r["gddr"] else 1) + c["p_flop"] * used_flop * relative_flop
    power = idle + (tdp - idle) * x / (1 + x ** c["p_knee"]) ** (1 / c["p_knee"])
    return {"time": time / said, "power": r["power_factor"] * power}


def energy_error(r, fit, batch):
    """Measured over predicted at a standard normal z."""
    if not r["error_on"]:
        return 1
    kind = "dense" if not r["experts"] else "moe_block_fp8" if r["fp8_block"] else "moe"
    band = "b1" if batch < 2 else "b2_16" if batch < 17 else "b17_128" if batch < 129 else "b129_up"
    gpu = "seen_gpu" if r["measured"] else "unseen_gpu"
    return two_piece(r["error_z"], fit["interval_ln_80"][gpu][f"{kind}|{band}"])


def two_piece(z, quantiles):
    low, middle, high = quantiles
    return math.exp(middle + z * (middle - low) / 1.2816 if z < 0 else middle + z * (high - middle) / 1.2816)


def training(row, fit):
    """One model's runs of a year, one draw."""
    r = dict(row)
    c = {name: entry["value"] for name, entry in fit["training"].items()}
    width = (128 * r["params_active"] / 12) ** (1 / 3)
    layers = width / 128
    per_token = 6 * r["params_active"] + 12 * layers * width * r["sequence_tokens"]
    flop = (r["flop"] or per_token * r["train_tokens"]) * r["runs"] * r["overhead_factor"]
    mfu = r["mfu"]
    hours_error = 1
    if not mfu:
        mfu = math.exp(c["ln_mfu"])
        if r["params_active"] < 30e9 and r["peak16_flop_per_s"] > 312e12:
            mfu *= (30e9 / r["params_active"]) ** (c["small_on_fast"] * math.log(r["peak16_flop_per_s"] / 312e12))
        if r["error_on"] and r["hours_z"]:
            hours_error = two_piece(r["hours_z"], fit["training_interval_ln_80"]["hours"])
    mfu *= r["mfu_factor"]
    hours = flop / (r["peak16_flop_per_s"] * r["peak_factor"] * mfu * 3600) * hours_error * r["kernel_time_factor"]
    held = max(r["installed"] * 8760, hours) if r["installed"] else hours / r["utilization"]
    power = (r["system_w"] or r["tdp_w"] * c["u_gpu"]) * r["power_factor"]
    energy = hours * power / 1000
    if r["error_on"]:
        energy *= two_piece(r["energy_z"], fit["training_interval_ln_80"]["energy_given_hours"])
    return {
        "flop": flop,
        "mfu": mfu,
        "used_h": hours,
        "held_h": held,
        "power_accelerator_w": power,
        "energy_accelerator_kwh": energy,
        "energy_idle_kwh": (held - hours) * r["idle_w"] / 1000,
        "energy_host_kwh": 0 if r["system_w"] else energy * c["host_frac"],
    }


def calibration(row):
    """The measured terms, scaled."""
    busy, idle, host = (row[f"calibration_{term}_factor"] for term in ("busy", "idle", "host"))
    return {
        "energy_accelerator_kwh": busy * row["energy_accelerator_kwh"],
        "energy_idle_kwh": idle * row["energy_idle_kwh"],
        "energy_host_kwh": host * row["energy_host_kwh"],
        "energy_accelerator_j_per_output_token": busy * row["energy_accelerator_j_per_output_token"],
    }


def panels(row):
    """Of a year's load: what the panels yield, and what the load takes in its own hours. All 24 hours, one by one."""
    made = taken = 0.0
    if not row.get("panels_ratio"):
        return made, taken
    for month in range(12):
        tilt = math.radians(23.45) * math.sin(2 * math.pi * (284 + (month + 0.5) * 365 / 12) / 365)
        for hour in range(24):
            angle = math.radians(15 * (hour + 0.5 - 12))
            place = math.radians(row["latitude"])
            up = math.sin(place) * math.sin(tilt) + math.cos(place) * math.cos(tilt) * math.cos(angle)
            clear = 1.098 * up * math.exp(-0.059 / up) if up > 0 else 0.0
            power = row["panels_ratio"] * (1 - row["panel_loss_share"]) * clear
            made += row["sunny_share"] * power / 288
            taken += row["sunny_share"] * min(power, 1.0) / 288
    return made, taken


def footprint(row):
    """One row from the plug to the bill; activity and site columns in one dict."""
    r = dict(row)
    it = r["energy_accelerator_kwh"] + r["energy_idle_kwh"] + r["energy_host_kwh"]
    facility = it * r["pue"]
    market = r["procurement_share"] * r["contract_g_per_kwh"] + (1 - r["procurement_share"]) * r["residual_g_per_kwh"]
    lives = r["held_h"] / r["hired_utilization"] / (r["lifetime_years"] * 8760)

    def pay(amount, price):
        return amount * price if amount else 0

    own, cloud, api = r["hosting"] in (0, 1), r["hosting"] == 2, r["hosting"] == 3
    fresh = r["input_tokens_year"] - r["cached_tokens_year"]
    tokens = pay(fresh / 1e6, r["price_input_usd_per_m_tokens"])
    tokens += pay(r["cached_tokens_year"] / 1e6, r["price_cached_usd_per_m_tokens"])
    tokens += pay(r["output_tokens_year"] / 1e6, r["price_output_usd_per_m_tokens"])
    costs = {
        "cost_energy_usd": pay(facility, r["price_electricity_usd_per_kwh"]) if own else 0,
        "cost_hardware_usd": pay(lives, r["price_purchase_usd"]) if own else 0,
        "cost_operations_usd": pay(r["held_h"], r["operations_usd_per_h"]) if own else 0,
        "cost_hire_usd": pay(r["held_h"], r["price_hire_usd_per_h"]) if cloud else 0,
        "cost_api_usd": tokens if api else 0,
    }
    made, taken = panels(r)
    grid, panels_kg = facility * (1 - taken), facility * made * r.get("panels_g_per_kwh", 0) / 1000
    location_kg, market_kg = grid * r["intensity_location_g_per_kwh"] / 1000, grid * market / 1000
    return {
        "energy_it_kwh": it,
        "energy_overhead_kwh": facility - it,
        "energy_facility_kwh": facility,
        "energy_onsite_kwh": facility * taken,
        "carbon_location_kg": location_kg,
        "carbon_market_kg": market_kg,
        "carbon_embodied_kg": lives * r["embodied_kg"] + panels_kg,
        "carbon_embodied_panels_kg": panels_kg,
        "water_site_l": it * r["wue_l_per_kwh"],
        "water_source_l": grid * r["water_source_l_per_kwh"],
        **costs,
        "cost_usd": sum(costs.values()),
        "carbon_cost_location_usd": location_kg / 1000 * r["carbon_price_usd_per_t"],
        "carbon_cost_market_usd": market_kg / 1000 * r["carbon_price_usd_per_t"],
    }


def purchases(needed, life_years, age_years):
    """Machines bought each year: a list of machines with the year each leaves, filled up to what is needed."""
    life = max(1, math.floor(life_years + 0.5))
    first = next((year for year, count in enumerate(needed) if count > 0), None)
    if first is None:
        return [0.0] * len(needed)
    standing = []  # (count, year in which it leaves)
    age = age_years % life
    if age:
        standing.append((needed[first], first + life - age))
    found = []
    for year, count in enumerate(needed):
        standing = [(n, leaves) for n, leaves in standing if leaves > year]
        new = max(0.0, count - sum(n for n, _ in standing)) if year >= first else 0.0
        standing.append((new, year + life))
        found.append(new)
    return found
