package teams

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
)

// Package is what the app package for Teams says of the bot.
type Package struct {
	AppID   string   // of the bot's registration; also the app's own id
	Version string   // of the app package: three numbers
	Public  *url.URL // of the web pages, HTTPS
	Name    string   // shown in Teams, at most 30 characters; default Hjemmel
	Company string   // who runs it: the municipality
}

var (
	guid    = regexp.MustCompile(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	numbers = regexp.MustCompile(`^\d{1,4}\.\d{1,4}\.\d{1,4}$`)
)

func (p *Package) check() error {
	switch {
	case !guid.MatchString(p.AppID):
		return fmt.Errorf("teams_app_id %q: use the registration's application id, like 00000000-0000-0000-0000-000000000000", p.AppID)
	case !numbers.MatchString(p.Version):
		return fmt.Errorf("version %q: use three numbers, like 1.0.0", p.Version)
	case p.Public == nil || p.Public.Scheme != "https" || p.Public.Host == "":
		return errors.New("access_public_url: Teams needs the https address by which people reach Hjemmel")
	case p.Name == "" || len([]rune(p.Name)) > 30:
		return fmt.Errorf("name %q: use 1 to 30 characters", p.Name)
	case p.Company == "" || len([]rune(p.Company)) > 32:
		return fmt.Errorf("company %q: use 1 to 32 characters", p.Company)
	}
	return nil
}

// Write writes the app package: a ZIP file with manifest.json and two icons, to be
// uploaded in the Teams admin center. Wrong fields are told before anything is written.
func (p *Package) Write(w io.Writer) error {
	if err := p.check(); err != nil {
		return err
	}
	manifest, err := json.MarshalIndent(p.manifest(), "", "  ")
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	for _, f := range []struct {
		name string
		data []byte
	}{{"manifest.json", append(manifest, '\n')}, {"color.png", colorIcon()}, {"outline.png", outlineIcon()}} {
		file, err := out.Create(f.name)
		if err != nil {
			return fmt.Errorf("writing %s: %w", f.name, err)
		}
		if _, err := file.Write(f.data); err != nil {
			return fmt.Errorf("writing %s: %w", f.name, err)
		}
	}
	return out.Close()
}

// schemaVersion is that of the manifest's schema.
const schemaVersion = "1.19"

type object = map[string]any

func (p *Package) manifest() object {
	home := p.Public.String()
	commands := []object{}
	for _, c := range helpCommands[1:] {
		commands = append(commands, object{"title": c[0], "description": c[1]})
	}
	return object{
		"$schema":         "https://developer.microsoft.com/json-schemas/teams/v" + schemaVersion + "/MicrosoftTeams.schema.json",
		"manifestVersion": schemaVersion, "version": p.Version, "id": p.AppID,
		"developer":        object{"name": p.Company, "websiteUrl": home, "privacyUrl": home + "/regler", "termsOfUseUrl": home + "/regler"},
		"name":             object{"short": p.Name, "full": p.Name + ": find hjemlen i lov og retningslinjer"},
		"description":      object{"short": "Finder og citerer hjemlen i lovgivning og retningslinjer", "full": helpText + " " + helpLimits},
		"icons":            object{"color": "color.png", "outline": "outline.png"},
		"accentColor":      fmt.Sprintf("#%02X%02X%02X", petrol.R, petrol.G, petrol.B),
		"bots":             []object{{"botId": p.AppID, "scopes": []string{"personal", "team", "groupChat"}, "supportsFiles": false, "isNotificationOnly": false, "commandLists": []object{{"scopes": []string{"personal", "team", "groupChat"}, "commands": commands}}}},
		"permissions":      []string{"identity", "messageTeamMembers"},
		"validDomains":     []string{p.Public.Host},
		"localizationInfo": object{"defaultLanguageTag": "da-dk"},
	}
}
