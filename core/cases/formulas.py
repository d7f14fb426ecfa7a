"""The arithmetic behind checked claims: small formulas in base units, so that every figure can be added up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log2
from types import MappingProxyType

from core.units import BITS_PER_BYTE, G_PER_KG, H_PER_YEAR, J_PER_KWH, W_PER_KW


def weights_byte(params_total: float, weight_bit: float) -> float:
    """Memory for a model's weights alone [byte]: no cache, no working memory.

    >>> weights_byte(70e9, 16)
    140000000000.0
    """
    return params_total * weight_bit / BITS_PER_BYTE


def pruned_byte(params_total: float, weight_bit: float, pruned_share: float) -> float:
    """Memory for the weights that stay after a share of the layers is cut out [byte]."""
    return weights_byte(params_total * (1 - pruned_share), weight_bit)


def mixed_byte(
    linear_params_total: float, linear_bit: float, embedding_params_total: float, embedding_bit: float
) -> float:
    """Memory where the linear layers and the embeddings have number formats of their own [byte]."""
    return weights_byte(linear_params_total, linear_bit) + weights_byte(embedding_params_total, embedding_bit)


def shrunk_byte(memory_byte: float, reduction_factor: float) -> float:
    """Memory after a published reduction [byte]."""
    return memory_byte / reduction_factor


def moe_params_total(
    layers: float, d_model: float, ffn_dim: float, kv_dim: float, vocabulary: float, experts: float
) -> float:
    """Parameters of a mixture of experts: attention, so many experts of three matrices a layer, two embeddings.

    With every expert it is the total; with those of one token, the active parameters. Routers and norms are left out.
    """
    attention = 2 * d_model * (d_model + kv_dim)
    return layers * (attention + experts * 3 * d_model * ffn_dim) + 2 * vocabulary * d_model


def nominal_params_total(experts: float, expert_params_total: float) -> float:
    """Parameters as a name suggests them: experts times the size of one, nothing shared."""
    return experts * expert_params_total


def touched_experts(experts: float, experts_per_token: float, batch: float) -> float:
    """Experts whose weights are read in a step, when each request chooses on its own."""
    untouched_share: float = (1 - experts_per_token / experts) ** batch
    return experts * (1 - untouched_share)


def forward_flop_per_token(params_total: float) -> float:
    """Arithmetic of answering [FLOP per token]: one multiplication and one addition a weight."""
    return 2 * params_total


def training_flop(params_total: float, train_tokens: float) -> float:
    """Arithmetic of training [FLOP]: six operations a weight and token."""
    return 6 * params_total * train_tokens


def routed_depth_share(routed_share: float, token_share: float) -> float:
    """Arithmetic that stays where some blocks let only a share of the tokens in."""
    return 1 - routed_share * (1 - token_share)


def information_bit(states: float) -> float:
    """Information in a weight that may take so many values [bit]."""
    return log2(states)


def hours_kwh(used_h: float, power_w: float, pue: float) -> float:
    """Energy of accelerator-hours at a power, with the site's overhead [kWh]; PUE 1 leaves the site out."""
    return used_h * power_w / W_PER_KW * pue


def machines_kwh(machines: float, each_h: float, power_w: float) -> float:
    """Energy of so many machines over the same hours [kWh]."""
    return hours_kwh(machines * each_h, power_w, 1.0)


def fleet_kwh(servers: float, power_w: float) -> float:
    """Energy of servers at full power all year [kWh]: real servers draw less."""
    return servers * power_w / W_PER_KW * H_PER_YEAR


def fleet_servers(energy_kwh: float, power_w: float) -> float:
    """Servers at full power all year behind a yearly energy."""
    return energy_kwh / (power_w / W_PER_KW * H_PER_YEAR)


def answer_kwh(length_words: float, words_per_token: float, energy_j_per_token: float) -> float:
    """Energy of writing so many words [kWh]."""
    return length_words / words_per_token * energy_j_per_token / J_PER_KWH


def power_j_per_token(power_w: float, speed_tokens_per_s: float) -> float:
    """Energy of a token from power and speed [J per token]: watts alone say nothing about efficiency."""
    return power_w / speed_tokens_per_s


def supplied_homes(energy_kwh: float, home_kwh_per_year: float) -> float:
    """Homes that use as much electricity in a year."""
    return energy_kwh / home_kwh_per_year


def fuel_kg_per_h(energy_kwh: float, fuel_j_per_kg: float, flight_h: float) -> float:
    """Jet fuel that a flight of so many hours must burn to hold the same energy as heat [kg/h]."""
    return energy_kwh * J_PER_KWH / fuel_j_per_kg / flight_h


def emitted_kg(energy_kwh: float, intensity_g_per_kwh: float) -> float:
    """Carbon of electricity [kgCO2e]."""
    return energy_kwh * intensity_g_per_kwh / G_PER_KG


def without_overhead_kg(energy_kwh: float, pue: float, intensity_g_per_kwh: float) -> float:
    """Carbon of the electricity at the plug [kgCO2e], from energy at the meter: the site's overhead taken out."""
    return emitted_kg(energy_kwh / pue, intensity_g_per_kwh)


def implied_g_per_kwh(carbon_kg: float, energy_kwh: float) -> float:
    """Carbon intensity behind a published carbon and energy [g/kWh]."""
    return carbon_kg * G_PER_KG / energy_kwh


def sum_kg(first_kg: float, second_kg: float) -> float:
    """Two masses together [kg]."""
    return first_kg + second_kg


def sum_kwh(first_kwh: float, second_kwh: float) -> float:
    """Two energies together [kWh]."""
    return first_kwh + second_kwh


def added_kwh(later_kwh: float, earlier_kwh: float) -> float:
    """What a later year takes more than an earlier one [kWh]."""
    return later_kwh - earlier_kwh


def other_share(own_kwh: float, other_kwh: float) -> float:
    """Share of a whole that somebody else's part makes."""
    return other_kwh / (own_kwh + other_kwh)


def quotient_ratio(first: float, second: float) -> float:
    """One quantity over another of the same unit."""
    return first / second


def part_share(part: float, whole: float) -> float:
    """A part as a share of its whole, both in the same unit."""
    return part / whole


def lifetime_ratio(inference_share: float) -> float:
    """Answering over training, from the share of all energy that answering takes."""
    return inference_share / (1 - inference_share)


def cooling_pue(cooling_share: float) -> float:
    """Least PUE of a site whose cooling takes that share of its electricity and whose other overhead is nil."""
    return 1 / (1 - cooling_share)


def saving_ratio(saving_share: float) -> float:
    """How many times less is used after a saving."""
    return 1 / (1 - saving_share)


def skipped_share(zero_share: float, skipping_share: float) -> float:
    """Arithmetic saved by zeros among the weights: only the share of them that the kernel really skips."""
    return zero_share * skipping_share


def written_tokens_per_word(words_per_token: float) -> float:
    """Tokens in a word of English text."""
    return 1 / words_per_token


def quoted(value: float) -> float:
    """A figure as its source gives it, in the base unit."""
    return value


FORMULAS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            weights_byte,
            pruned_byte,
            mixed_byte,
            shrunk_byte,
            moe_params_total,
            nominal_params_total,
            touched_experts,
            forward_flop_per_token,
            training_flop,
            routed_depth_share,
            information_bit,
            hours_kwh,
            machines_kwh,
            fleet_kwh,
            fleet_servers,
            answer_kwh,
            power_j_per_token,
            supplied_homes,
            fuel_kg_per_h,
            emitted_kg,
            without_overhead_kg,
            implied_g_per_kwh,
            sum_kg,
            sum_kwh,
            added_kwh,
            other_share,
            quotient_ratio,
            part_share,
            lifetime_ratio,
            cooling_pue,
            saving_ratio,
            skipped_share,
            written_tokens_per_word,
            quoted,
        )
    }
)
