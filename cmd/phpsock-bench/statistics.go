package main

import "slices"

// median returns the middle of the values, which it leaves as they are; 0 for none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// percentile returns the smallest of the values that is not below p percent of them; 0
// for none.
func percentile(values []float64, p int) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, (len(sorted)*p+99)/100-1)]
}

// summary is what a number of measurements of the same thing come to.
type summary struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// summarize returns the zero summary for no values.
func summarize(values []float64) summary {
	if len(values) == 0 {
		return summary{}
	}
	return summary{Median: median(values), Min: slices.Min(values), Max: slices.Max(values)}
}

// spread is the distance of the extremes as a part of the median.
func (s summary) spread() float64 {
	if s.Median == 0 {
		return 0
	}
	return (s.Max - s.Min) / s.Median
}

// measurement is a figure and the round that it was measured in.
type measurement struct {
	Round int     `json:"round"`
	Value float64 `json:"value"`
	// CPU is how many microseconds the subject computed for one operation; 0: not
	// known. What else the machine does changes it little.
	CPU float64 `json:"cpu_us,omitempty"`
}

// series are the measurements of one subject in one row.
type series []measurement

func (s series) values() []float64 {
	values := make([]float64, len(s))
	for i, m := range s {
		values[i] = m.Value
	}
	return values
}

// cpu is the series of the processor time.
func (s series) cpu() series {
	var times series
	for _, m := range s {
		times = append(times, measurement{Round: m.Round, Value: m.CPU})
	}
	return times
}

// ratios compares the measurements of each round that both have, which were taken one
// soon after the other. Above 1, s is the faster one: lower says which way that is.
func (s series) ratios(to series, lower bool) []float64 {
	other := make(map[int]float64, len(to))
	for _, m := range to {
		other[m.Round] = m.Value
	}
	var ratios []float64
	for _, m := range s {
		o := other[m.Round]
		if o == 0 || m.Value == 0 {
			continue
		}
		if lower {
			ratios = append(ratios, o/m.Value)
		} else {
			ratios = append(ratios, m.Value/o)
		}
	}
	return ratios
}
