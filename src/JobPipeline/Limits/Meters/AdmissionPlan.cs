using JobPipeline.Limits.Rules;

namespace JobPipeline.Limits.Meters;

/// <summary>Who asks at a gate together.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="InUse">The slots that it uses.</param>
/// <param name="Redeeming">The number of jobs with a granted row.</param>
/// <param name="Asking">The number of jobs without a row.</param>
/// <param name="Prepaid">The number of permits of a rate to take in advance, if all who ask get one.</param>
internal readonly record struct AdmissionRound(string Instance, int InUse, int Redeeming, int Asking, int Prepaid = 0);

/// <summary>Whom a gate admits in one round. Pure.</summary>
/// <param name="Meter">The meter after the round.</param>
/// <param name="Redeemed">The number of granted jobs that start.</param>
/// <param name="Admitted">The number of others that start.</param>
/// <param name="Prepaid">The number of permits of a rate that were taken in advance.</param>
/// <param name="NextAt">When the next start conforms to the rate.</param>
internal readonly record struct AdmissionPlan(Meter Meter, int Redeemed, int Admitted, int Prepaid, DateTimeOffset NextAt)
{
    /// <summary>The most slots that an instance takes beyond what it needs now, for the jobs that follow.</summary>
    private const int MostReserved = 4;

    public static AdmissionPlan For(Meter meter, LimitRule rule, AdmissionRound round, DateTimeOffset now, TimeSpan lease)
    {
        if (MeterRules.IsBlocked(meter, now))
            return new AdmissionPlan(meter, 0, 0, 0, meter.BlockedUntil!.Value);
        var (after, redeemed) = RateRules.Take(meter, rule.Rate, Math.Min(round.Redeeming, meter.Granted), now);
        after = after with { Granted = after.Granted - redeemed };
        var used = round.InUse + redeemed;
        after = MeterRules.WithSlots(after, rule, round.Instance, used, now, lease);
        var (admitted, reserved, prepaid) = (0, 0, 0);
        // While jobs are parked, only the release turn lets new ones start.
        if (!meter.HasLot && round.Asking > 0)
        {
            var free = Math.Max(0, MeterRules.FreeSlots(after, rule, now));
            (after, admitted) = RateRules.Take(after, rule.Rate, Math.Min(round.Asking, free), now);
            if (admitted == round.Asking)
                (after, prepaid) = RateRules.Take(after, rule.Rate, rule.Rate is null ? 0 : round.Prepaid, now);
            if (rule.HasSlots && admitted == round.Asking)
                reserved = Math.Min(MostReserved, (free - admitted) / 4);
            after = MeterRules.WithSlots(after, rule, round.Instance, used + admitted + reserved, now, lease);
        }

        return new AdmissionPlan(after with { Rule = rule }, redeemed, admitted, prepaid, RateRules.NextAt(after, rule.Rate, now));
    }
}
